import pytest
import torch
from torch import nn

from voicecoach.embedding.onednn import OneDnnLinear, use_onednn

needs_onednn = pytest.mark.skipif(
    not torch.backends.mkldnn.is_available(), reason="this build of torch has no oneDNN"
)


@needs_onednn
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("shape", [(1, 24), (2, 3, 24), (64, 24), (5, 13, 24)])
def test_it_computes_what_the_layer_computes(shape: tuple[int, ...], bias: bool) -> None:
    torch.manual_seed(1)
    layer, inputs = nn.Linear(24, 7, bias=bias), torch.randn(shape)

    with torch.inference_mode():
        found, wanted = OneDnnLinear(layer)(inputs), layer(inputs)

    assert found.shape == wanted.shape
    torch.testing.assert_close(found, wanted)


@needs_onednn
def test_every_linear_layer_within_a_model_is_replaced() -> None:
    model = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Sequential(nn.Linear(4, 2)))
    inputs = torch.randn(3, 4)
    with torch.inference_mode():
        wanted = model(inputs)
        use_onednn(model)
        found = model(inputs)

    assert [type(each) for each in model.modules() if isinstance(each, nn.Linear)] == []
    torch.testing.assert_close(found, wanted)
