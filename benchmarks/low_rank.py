"""Learning an update of low rank to the encoder's matrices (LoRA, Hu et al. 2021), and storing it."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn.utils import parametrize

LEARNING_RATE = 1e-3


class _LowRank(nn.Module):  # type: ignore[misc]  # mypy does not follow torch
    """Adds a learned matrix of low rank to a weight."""

    def __init__(self, linear: nn.Linear, rank: int) -> None:
        super().__init__()
        self.down = nn.Parameter(torch.randn(rank, linear.in_features) / linear.in_features**0.5)
        self.up = nn.Parameter(torch.zeros(linear.out_features, rank))

    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        """The weight with its update."""
        return weight + self.up @ self.down


class LowRankUpdate:
    """An update of every matrix of an encoder; nothing else of it learns.

    Args:
        model: MiniLM, as sentence-transformers loads it.
        rank: Of the update.
    """

    def __init__(self, model: Any, rank: int) -> None:
        self._model = model
        for parameter in model.parameters():
            parameter.requires_grad_(False)
        torch.manual_seed(0)
        self._adapted = {
            name: layer
            for name, layer in model.named_modules()
            if isinstance(layer, nn.Linear) and "encoder" in name
        }
        for layer in self._adapted.values():
            parametrize.register_parametrization(layer, "weight", _LowRank(layer, rank))

    def learn(self, loss_of: Callable[[int], torch.Tensor], steps: int, warm_up: int) -> None:
        """Learn, printing the loss now and then.

        Args:
            loss_of: The loss of a step, counted from 0.
            steps: How many.
            warm_up: In so many the rate rises; from there on it falls to nothing.
        """
        learned = [p for p in self._model.parameters() if p.requires_grad]
        optimizer = torch.optim.AdamW(learned, lr=LEARNING_RATE, weight_decay=0.01)
        self._model.train()
        started, losses = time.monotonic(), []
        for step in range(steps):
            for group in optimizer.param_groups:
                group["lr"] = LEARNING_RATE * min(1, (step + 1) / warm_up) * (1 - step / steps)
            with parametrize.cached():  # the updated weights are the same for all texts of a step
                loss = loss_of(step)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            if step % 50 == 49:
                print(
                    f"step {step + 1}: loss {np.mean(losses[-50:]):.3f}, {time.monotonic() - started:.0f} s",
                    flush=True,
                )

    def save(self, file: Path) -> None:
        """Store it as a safetensors file, half precision, two matrices per layer."""
        found = {}
        for name, layer in self._adapted.items():
            update = layer.parametrizations["weight"][0]
            found[f"{name}.down"] = update.down.detach().half().contiguous()
            found[f"{name}.up"] = update.up.detach().half().contiguous()
        save_file(found, file)
