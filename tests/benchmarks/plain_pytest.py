"""What a course would write without dlgrade: eight comparisons with autograd, in one process."""

import numpy as np
import pytest
import torch
from backprop import backward, mlp_loss_and_grads


@pytest.mark.parametrize("seed", range(4))
def test_one_neuron_agrees_with_autograd(seed):
    w, x, b, y = np.random.default_rng(seed).uniform(-2, 2, 4)
    tensors = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (w, b)]
    loss = (torch.relu(tensors[0] * x + tensors[1]) - y) ** 2
    loss.backward()
    found = backward(w, x, b, y)
    np.testing.assert_allclose(found["dL_dw"], tensors[0].grad.item())
    np.testing.assert_allclose(found["dL_db"], tensors[1].grad.item())


@pytest.mark.parametrize("seed", range(4))
def test_a_network_agrees_with_autograd(seed):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(5, 3)), rng.integers(0, 4, 5)
    arrays = [rng.normal(size=shape) for shape in [(3, 7), (7,), (7, 4), (4,)]]
    tensors = [torch.tensor(array, requires_grad=True) for array in arrays]
    logits = torch.relu(torch.tensor(X) @ tensors[0] + tensors[1]) @ tensors[2] + tensors[3]
    torch.nn.functional.cross_entropy(logits, torch.tensor(y)).backward()
    _, grads = mlp_loss_and_grads(X, y, *arrays)
    for key, tensor in zip(("W1", "b1", "W2", "b2"), tensors, strict=True):
        np.testing.assert_allclose(grads[key], tensor.grad.numpy(), atol=1e-12)
