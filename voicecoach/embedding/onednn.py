"""Matrices multiplied by oneDNN instead of MKL, in float32 like there.

MKL leaves the wide registers of other makers' processors unused, and takes twice as long there. Imports
torch, so it is imported itself only once a model is loaded.
"""

import torch
from torch import Tensor, nn

_ROWS = 64
"""oneDNN makes a kernel for each number of rows that it meets and keeps it: rows come in steps of so many."""


class OneDnnLinear(nn.Module):  # type: ignore[misc]  # mypy does not follow torch
    """What `layer` computes, with its weights laid out as oneDNN likes them."""

    def __init__(self, layer: nn.Linear) -> None:
        super().__init__()
        self._weight = torch.ops.mkldnn._reorder_linear_weight(layer.weight.detach())
        self._bias = None if layer.bias is None else layer.bias.detach()

    def forward(self, inputs: Tensor) -> Tensor:
        """Of shape (..., in) those of shape (..., out)."""
        rows = inputs.flatten(0, -2)
        count = len(rows)
        whole = nn.functional.pad(rows, (0, 0, 0, -count % _ROWS))
        outputs: Tensor = torch.ops.mkldnn._linear_pointwise(whole, self._weight, self._bias, "none", [], "")
        return outputs[:count].unflatten(0, inputs.shape[:-1])


def use_onednn(model: nn.Module) -> None:
    """Replace every linear layer within a model, for inference alone; nothing where torch lacks oneDNN."""
    if not torch.backends.mkldnn.is_available():
        return
    for parent in list(model.modules()):
        for name, layer in list(parent.named_children()):
            if isinstance(layer, nn.Linear):
                setattr(parent, name, OneDnnLinear(layer))
