// RUN: aicc-opt %s --simplify-algebra | filecheck %s
// RUN: aicc-opt %s --simplify-algebra > %t.once
// RUN: aicc-opt %t.once --simplify-algebra > %t.twice
// RUN: diff %t.once %t.twice

// f(f(x)) -> f(x) for relu, abs, floor, ceil, round, sign.
// CHECK-LABEL: func.func @repeated_function(
// CHECK-NEXT: %[[A:.*]] = "graph.relu"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @repeated_function(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.relu"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.relu"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @repeated_function_2(
// CHECK-NEXT: %[[A:.*]] = "graph.abs"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @repeated_function_2(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.abs"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.abs"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @repeated_function_3(
// CHECK-NEXT: %[[A:.*]] = "graph.floor"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @repeated_function_3(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.floor"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.floor"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @repeated_function_4(
// CHECK-NEXT: %[[A:.*]] = "graph.ceil"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @repeated_function_4(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.ceil"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.ceil"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @repeated_function_5(
// CHECK-NEXT: %[[A:.*]] = "graph.round"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @repeated_function_5(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.round"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.round"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @repeated_function_6(
// CHECK-NEXT: %[[A:.*]] = "graph.sign"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @repeated_function_6(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.sign"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.sign"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @repeated_function_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.exp"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.exp"(%[[A]])
// CHECK-NEXT: return %[[B]]
func.func @repeated_function_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.exp"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.exp"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// f(f(x)) -> x for neg, not, bitwise_not.
// CHECK-LABEL: func.func @undone_function(
// CHECK-NEXT: return %arg0
func.func @undone_function(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.neg"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.neg"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @undone_function_2(
// CHECK-NEXT: return %arg0
func.func @undone_function_2(%arg0: tensor<4xi1>, %arg1: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "graph.not"(%arg0) : (tensor<4xi1>) -> tensor<4xi1>
  %1 = "graph.not"(%0) : (tensor<4xi1>) -> tensor<4xi1>
  return %1 : tensor<4xi1>
}

// CHECK-LABEL: func.func @undone_function_3(
// CHECK-NEXT: return %arg0
func.func @undone_function_3(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.bitwise_not"(%arg0) : (tensor<2x3xi32>) -> tensor<2x3xi32>
  %1 = "graph.bitwise_not"(%0) : (tensor<2x3xi32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @undone_function_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.abs"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.neg"(%[[A]])
// CHECK-NEXT: return %[[B]]
func.func @undone_function_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.abs"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.neg"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// floor, ceil and round of a value that is rounded already -> the value.
// CHECK-LABEL: func.func @round_integral(
// CHECK-NEXT: %[[A:.*]] = "graph.cast"(%arg0) {to = f32}
// CHECK-NEXT: return %[[A]]
func.func @round_integral(%arg0: tensor<2x3xi32>) -> tensor<2x3xf32> {
  %0 = "graph.cast"(%arg0) {to = f32} : (tensor<2x3xi32>) -> tensor<2x3xf32>
  %1 = "graph.floor"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @round_integral_2(
// CHECK-NEXT: %[[A:.*]] = "graph.round"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @round_integral_2(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.round"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.ceil"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @round_integral_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.relu"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.floor"(%[[A]])
// CHECK-NEXT: return %[[B]]
func.func @round_integral_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.relu"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.floor"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// relu(x) -> x and abs(x) -> x where no element is negative (or -0.0).
// CHECK-LABEL: func.func @non_negative_already(
// CHECK-NEXT: %[[A:.*]] = "graph.exp"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @non_negative_already(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.exp"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.relu"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @non_negative_already_2(
// CHECK-NEXT: %[[A:.*]] = "graph.mul"(%arg0, %arg0)
// CHECK-NEXT: return %[[A]]
func.func @non_negative_already_2(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.mul"(%arg0, %arg0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.abs"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @non_negative_already_3(
// CHECK-NEXT: return %arg0
func.func @non_negative_already_3(%arg0: tensor<2x3xui8>) -> tensor<2x3xui8> {
  %0 = "graph.relu"(%arg0) : (tensor<2x3xui8>) -> tensor<2x3xui8>
  return %0 : tensor<2x3xui8>
}

// CHECK-LABEL: func.func @non_negative_already_4(
// CHECK-NEXT: %[[A:.*]] = "graph.abs"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.sigmoid"(%arg1)
// CHECK-NEXT: %[[C:.*]] = "graph.add"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @non_negative_already_4(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.abs"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.sigmoid"(%arg1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = "graph.add"(%0, %1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = "graph.relu"(%2) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}

// The product may wrap around.
// CHECK-LABEL: func.func @non_negative_already_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.mul"(%arg0, %arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.relu"(%[[A]])
// CHECK-NEXT: return %[[B]]
func.func @non_negative_already_reject(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.mul"(%arg0, %arg0) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %1 = "graph.relu"(%0) : (tensor<2x3xi32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// sqrt(-0.0) is -0.0.
// CHECK-LABEL: func.func @non_negative_already_reject_2(
// CHECK-NEXT: %[[A:.*]] = "graph.sqrt"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.relu"(%[[A]])
// CHECK-NEXT: return %[[B]]
func.func @non_negative_already_reject_2(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.sqrt"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.relu"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}
