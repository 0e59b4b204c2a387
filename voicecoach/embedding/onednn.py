"""Matrices multiplied by oneDNN instead of MKL, in float32 like there.

MKL leaves the wide registers of other makers' processors unused, and takes twice as long there. Imports
torch, so it is imported itself only once a model is loaded.
"""

import torch
from torch import Tensor, nn


class OneDnnLinear(nn.Module):  # type: ignore[misc]  # mypy does not follow torch
    """What `layer` computes, with its weights laid out as oneDNN likes them."""

    def __init__(self, layer: nn.Linear) -> None:
        super().__init__()
        self._weight = torch.ops.mkldnn._reorder_linear_weight(layer.weight.detach())
        self._bias = None if layer.bias is None else layer.bias.detach()

    def forward(self, inputs: Tensor) -> Tensor:
        """Of shape (..., in) those of shape (..., out)."""
        outputs: Tensor = torch.ops.mkldnn._linear_pointwise(
            inputs.flatten(0, -2), self._weight, self._bias, "none", [], ""
        )
        return outputs.unflatten(0, inputs.shape[:-1])


def use_onednn(model: nn.Module) -> None:
    """Replace every linear layer within a model, for inference alone; nothing where torch lacks oneDNN."""
    if not torch.backends.mkldnn.is_available():
        return
    for parent in list(model.modules()):
        for name, layer in list(parent.named_children()):
            if isinstance(layer, nn.Linear):
                setattr(parent, name, OneDnnLinear(layer))
