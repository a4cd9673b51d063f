"""Label minus score is the error of a regression. Which two things does the perceptron compare?

Loses: update, fit
"""


def update(w, b, x, y, lr):
    error = int(y) - (x @ w + b)
    return w + lr * error * x, b + lr * error
