// RUN: aicc-opt %s --simplify-algebra | filecheck %s
// RUN: aicc-opt %s --simplify-algebra > %t.once
// RUN: aicc-opt %t.once --simplify-algebra > %t.twice
// RUN: diff %t.once %t.twice

// x and true -> x.
// CHECK-LABEL: func.func @and_true(
// CHECK-NEXT: return %arg0
func.func @and_true(%arg0: tensor<4xi1>, %arg1: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "graph.constant"() {value = dense<true> : tensor<i1>} : () -> tensor<i1>
  %1 = "graph.and"(%arg0, %0) : (tensor<4xi1>, tensor<i1>) -> tensor<4xi1>
  return %1 : tensor<4xi1>
}

// CHECK-LABEL: func.func @and_true_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<[true, true, true, false]> : tensor<4xi1>}
// CHECK-NEXT: %[[B:.*]] = "graph.and"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @and_true_reject(%arg0: tensor<4xi1>, %arg1: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "graph.constant"() {value = dense<[true, true, true, false]> : tensor<4xi1>} : () -> tensor<4xi1>
  %1 = "graph.and"(%arg0, %0) : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
  return %1 : tensor<4xi1>
}

// x or false -> x.
// CHECK-LABEL: func.func @or_false(
// CHECK-NEXT: return %arg0
func.func @or_false(%arg0: tensor<4xi1>, %arg1: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "graph.constant"() {value = dense<false> : tensor<i1>} : () -> tensor<i1>
  %1 = "graph.or"(%arg0, %0) : (tensor<4xi1>, tensor<i1>) -> tensor<4xi1>
  return %1 : tensor<4xi1>
}

// CHECK-LABEL: func.func @or_false_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<[true, false, false, false]> : tensor<4xi1>}
// CHECK-NEXT: %[[B:.*]] = "graph.or"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @or_false_reject(%arg0: tensor<4xi1>, %arg1: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "graph.constant"() {value = dense<[true, false, false, false]> : tensor<4xi1>} : () -> tensor<4xi1>
  %1 = "graph.or"(%arg0, %0) : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
  return %1 : tensor<4xi1>
}

// x xor false -> x.
// CHECK-LABEL: func.func @xor_false(
// CHECK-NEXT: return %arg0
func.func @xor_false(%arg0: tensor<4xi1>, %arg1: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "graph.constant"() {value = dense<false> : tensor<i1>} : () -> tensor<i1>
  %1 = "graph.xor"(%arg0, %0) : (tensor<4xi1>, tensor<i1>) -> tensor<4xi1>
  return %1 : tensor<4xi1>
}

// CHECK-LABEL: func.func @xor_false_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.xor"(%arg0, %arg1)
// CHECK-NEXT: return %[[A]]
func.func @xor_false_reject(%arg0: tensor<4xi1>, %arg1: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "graph.xor"(%arg0, %arg1) : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
  return %0 : tensor<4xi1>
}

// x & ~0 -> x.
// CHECK-LABEL: func.func @bitwise_and_ones(
// CHECK-NEXT: return %arg0
func.func @bitwise_and_ones(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<-1> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.bitwise_and"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @bitwise_and_ones_2(
// CHECK-NEXT: return %arg0
func.func @bitwise_and_ones_2(%arg0: tensor<2x3xui8>) -> tensor<2x3xui8> {
  %0 = "graph.constant"() {value = dense<255> : tensor<ui8>} : () -> tensor<ui8>
  %1 = "graph.bitwise_and"(%arg0, %0) : (tensor<2x3xui8>, tensor<ui8>) -> tensor<2x3xui8>
  return %1 : tensor<2x3xui8>
}

// CHECK-LABEL: func.func @bitwise_and_ones_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<2147483647> : tensor<i32>}
// CHECK-NEXT: %[[B:.*]] = "graph.bitwise_and"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @bitwise_and_ones_reject(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<2147483647> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.bitwise_and"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// x | 0 -> x.
// CHECK-LABEL: func.func @bitwise_or_zero(
// CHECK-NEXT: return %arg0
func.func @bitwise_or_zero(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.bitwise_or"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @bitwise_or_zero_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1> : tensor<i32>}
// CHECK-NEXT: %[[B:.*]] = "graph.bitwise_or"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @bitwise_or_zero_reject(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<1> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.bitwise_or"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// x ^ 0 -> x.
// CHECK-LABEL: func.func @bitwise_xor_zero(
// CHECK-NEXT: return %arg0
func.func @bitwise_xor_zero(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.bitwise_xor"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @bitwise_xor_zero_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1> : tensor<i32>}
// CHECK-NEXT: %[[B:.*]] = "graph.bitwise_xor"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @bitwise_xor_zero_reject(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<1> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.bitwise_xor"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// x << 0 -> x.
// CHECK-LABEL: func.func @shift_left_by_zero(
// CHECK-NEXT: return %arg0
func.func @shift_left_by_zero(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.shift_left"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @shift_left_by_zero_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0> : tensor<i32>}
// CHECK-NEXT: %[[B:.*]] = "graph.shift_left"(%[[A]], %arg0)
// CHECK-NEXT: return %[[B]]
func.func @shift_left_by_zero_reject(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.shift_left"(%0, %arg0) : (tensor<i32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// x >> 0 -> x.
// CHECK-LABEL: func.func @shift_right_by_zero(
// CHECK-NEXT: return %arg0
func.func @shift_right_by_zero(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.shift_right"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @shift_right_by_zero_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1> : tensor<i32>}
// CHECK-NEXT: %[[B:.*]] = "graph.shift_right"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @shift_right_by_zero_reject(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<1> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.shift_right"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}
