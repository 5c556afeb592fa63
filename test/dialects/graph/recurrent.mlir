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

// -----

// Recurrence weights in panels of 16 units.
// CHECK-LABEL: func.func @packed
func.func @packed(%g: tensor<5x2x96xf32>, %r: tensor<2x32x3x16xf32>, %h: tensor<2x32xf32>) -> tensor<5x2x32xf32> {
  %0:2 = "graph.gru"(%g, %r, %h) {activations = ["sigmoid", "tanh"], alpha = [0.0, 0.0], beta = [0.0, 0.0], linear_before_reset = false, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>, reverse = false} : (tensor<5x2x96xf32>, tensor<2x32x3x16xf32>, tensor<2x32xf32>) -> (tensor<5x2x32xf32>, tensor<2x32xf32>)
  return %0#0 : tensor<5x2x32xf32>
}

// -----

func.func @panels(%g: tensor<5x2x96xf32>, %r: tensor<2x32x3x12xf32>, %h: tensor<2x32xf32>) -> tensor<5x2x32xf32> {
  // expected-error @below {{3 gates tensor<5x2x96xf32> and recurrence weights tensor<2x32x3x12xf32> do not fit}}
  %0:2 = "graph.gru"(%g, %r, %h) {activations = ["sigmoid", "tanh"], alpha = [0.0, 0.0], beta = [0.0, 0.0], linear_before_reset = false, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>, reverse = false} : (tensor<5x2x96xf32>, tensor<2x32x3x12xf32>, tensor<2x32xf32>) -> (tensor<5x2x32xf32>, tensor<2x32xf32>)
  return %0#0 : tensor<5x2x32xf32>
}
