"""Every sign of yours is flipped. When a grows, does a − y grow or shrink?

Loses: backward
"""


def backward(w, x, b, y_true):
    z = w * x + b
    a = max(z, 0.0)
    dL_da = 2.0 * (y_true - a)
    da_dz = 1.0 if z > 0.0 else 0.0
    dz_dw = x
    dL_dw = dL_da * da_dz * dz_dw
    dL_db = dL_da * da_dz
    return {"dL_da": dL_da, "da_dz": da_dz, "dz_dw": dz_dw, "dL_dw": dL_dw, "dL_db": dL_db}
