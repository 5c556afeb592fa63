// RUN: aicc-opt %s --split-input-file --verify-diagnostics | filecheck %s

// CHECK-LABEL: func.func @lstm
// CHECK: "graph.lstm"
func.func @lstm(%gates: tensor<5x2x28xf32>, %r: tensor<7x28xf32>, %s: tensor<2x7xf32>)
    -> tensor<5x2x7xf32> {
  %y, %h, %c = "graph.lstm"(%gates, %r, %s, %s) {
    activations = ["sigmoid", "tanh", "tanh"],
    alpha = [0.0, 0.0, 0.0], beta = [0.0, 0.0, 0.0],
    operandSegmentSizes = array<i32: 1, 1, 1, 1, 0, 0>
  } : (tensor<5x2x28xf32>, tensor<7x28xf32>, tensor<2x7xf32>, tensor<2x7xf32>)
    -> (tensor<5x2x7xf32>, tensor<2x7xf32>, tensor<2x7xf32>)
  return %y : tensor<5x2x7xf32>
}

// -----

func.func @rnn(%gates: tensor<5x2x7xf32>, %r: tensor<7x6xf32>, %s: tensor<2x7xf32>) {
  // expected-error @+1 {{recurrence weights}}
  %y, %h = "graph.rnn"(%gates, %r, %s) {
    activations = ["tanh"], alpha = [0.0], beta = [0.0],
    operandSegmentSizes = array<i32: 1, 1, 1, 0>
  } : (tensor<5x2x7xf32>, tensor<7x6xf32>, tensor<2x7xf32>)
    -> (tensor<5x2x7xf32>, tensor<2x7xf32>)
  return
}
