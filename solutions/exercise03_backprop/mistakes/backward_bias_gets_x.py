"""How much does z change when b does? Is that the same as for w?

Loses: backward
"""


def backward(w, x, b, y_true):
    z = w * x + b
    a = max(z, 0.0)
    dL_da = 2.0 * (a - y_true)
    da_dz = 1.0 if z > 0.0 else 0.0
    dz_dw = x
    dL_dw = dL_da * da_dz * dz_dw
    dL_db = dL_da * da_dz * dz_dw
    return {"dL_da": dL_da, "da_dz": da_dz, "dz_dw": dz_dw, "dL_dw": dL_dw, "dL_db": dL_db}
