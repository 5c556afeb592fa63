// RUN: aicc-opt %s --simplify-algebra | filecheck %s
// RUN: aicc-opt %s --simplify-algebra > %t.once
// RUN: aicc-opt %t.once --simplify-algebra > %t.twice
// RUN: diff %t.once %t.twice

// x * 0 -> 0; of floats NaN and infinities are lost.
// CHECK-LABEL: func.func @multiply_by_zero(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0> : tensor<i32>}
// CHECK-NEXT: %[[B:.*]] = "graph.expand"(%[[A]]) {shape = array<i64: 2, 3>}
// CHECK-NEXT: return %[[B]]
func.func @multiply_by_zero(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.mul"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// NaN * 0.0 is NaN.
// CHECK-LABEL: func.func @multiply_by_zero_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @multiply_by_zero_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// x and false -> false.
// CHECK-LABEL: func.func @and_false(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<false> : tensor<i1>}
// CHECK-NEXT: %[[B:.*]] = "graph.expand"(%[[A]]) {shape = array<i64: 4>}
// CHECK-NEXT: return %[[B]]
func.func @and_false(%arg0: tensor<4xi1>, %arg1: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "graph.constant"() {value = dense<false> : tensor<i1>} : () -> tensor<i1>
  %1 = "graph.and"(%arg0, %0) : (tensor<4xi1>, tensor<i1>) -> tensor<4xi1>
  return %1 : tensor<4xi1>
}

// CHECK-LABEL: func.func @and_false_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<[false, false, false, true]> : tensor<4xi1>}
// CHECK-NEXT: %[[B:.*]] = "graph.and"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @and_false_reject(%arg0: tensor<4xi1>, %arg1: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "graph.constant"() {value = dense<[false, false, false, true]> : tensor<4xi1>} : () -> tensor<4xi1>
  %1 = "graph.and"(%arg0, %0) : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
  return %1 : tensor<4xi1>
}

// x or true -> true.
// CHECK-LABEL: func.func @or_true(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<true> : tensor<i1>}
// CHECK-NEXT: %[[B:.*]] = "graph.expand"(%[[A]]) {shape = array<i64: 4>}
// CHECK-NEXT: return %[[B]]
func.func @or_true(%arg0: tensor<4xi1>, %arg1: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "graph.constant"() {value = dense<true> : tensor<i1>} : () -> tensor<i1>
  %1 = "graph.or"(%arg0, %0) : (tensor<4xi1>, tensor<i1>) -> tensor<4xi1>
  return %1 : tensor<4xi1>
}

// CHECK-LABEL: func.func @or_true_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<[false, false, false, true]> : tensor<4xi1>}
// CHECK-NEXT: %[[B:.*]] = "graph.or"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @or_true_reject(%arg0: tensor<4xi1>, %arg1: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "graph.constant"() {value = dense<[false, false, false, true]> : tensor<4xi1>} : () -> tensor<4xi1>
  %1 = "graph.or"(%arg0, %0) : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
  return %1 : tensor<4xi1>
}

// x & 0 -> 0.
// CHECK-LABEL: func.func @bitwise_and_zero(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0> : tensor<i32>}
// CHECK-NEXT: %[[B:.*]] = "graph.expand"(%[[A]]) {shape = array<i64: 2, 3>}
// CHECK-NEXT: return %[[B]]
func.func @bitwise_and_zero(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.bitwise_and"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @bitwise_and_zero_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1> : tensor<i32>}
// CHECK-NEXT: %[[B:.*]] = "graph.bitwise_and"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @bitwise_and_zero_reject(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<1> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.bitwise_and"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// x | ~0 -> ~0.
// CHECK-LABEL: func.func @bitwise_or_ones(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<-1> : tensor<i32>}
// CHECK-NEXT: %[[B:.*]] = "graph.expand"(%[[A]]) {shape = array<i64: 2, 3>}
// CHECK-NEXT: return %[[B]]
func.func @bitwise_or_ones(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<-1> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.bitwise_or"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @bitwise_or_ones_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<-2> : tensor<i32>}
// CHECK-NEXT: %[[B:.*]] = "graph.bitwise_or"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @bitwise_or_ones_reject(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<-2> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.bitwise_or"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// x ** 0 -> 1, also for NaN.
// CHECK-LABEL: func.func @power_of_zero(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.expand"(%[[A]]) {shape = array<i64: 2, 3>}
// CHECK-NEXT: return %[[B]]
func.func @power_of_zero(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pow"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @power_of_zero_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.pow"(%[[A]], %arg0)
// CHECK-NEXT: return %[[B]]
func.func @power_of_zero_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pow"(%0, %arg0) : (tensor<f32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// max(x, the greatest integer) -> that; min(x, the least) -> that.
// CHECK-LABEL: func.func @integer_bound(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<2147483647> : tensor<i32>}
// CHECK-NEXT: %[[B:.*]] = "graph.expand"(%[[A]]) {shape = array<i64: 2, 3>}
// CHECK-NEXT: return %[[B]]
func.func @integer_bound(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<2147483647> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.maximum"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @integer_bound_2(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0> : tensor<ui8>}
// CHECK-NEXT: %[[B:.*]] = "graph.expand"(%[[A]]) {shape = array<i64: 2, 3>}
// CHECK-NEXT: return %[[B]]
func.func @integer_bound_2(%arg0: tensor<2x3xui8>) -> tensor<2x3xui8> {
  %0 = "graph.constant"() {value = dense<0> : tensor<ui8>} : () -> tensor<ui8>
  %1 = "graph.minimum"(%arg0, %0) : (tensor<2x3xui8>, tensor<ui8>) -> tensor<2x3xui8>
  return %1 : tensor<2x3xui8>
}

// x may be NaN.
// CHECK-LABEL: func.func @integer_bound_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0x7F800000> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.maximum"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @integer_bound_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<0x7F800000> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.maximum"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// x mod 1 -> 0 for integers.
// CHECK-LABEL: func.func @remainder_by_one(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0> : tensor<i32>}
// CHECK-NEXT: %[[B:.*]] = "graph.expand"(%[[A]]) {shape = array<i64: 2, 3>}
// CHECK-NEXT: return %[[B]]
func.func @remainder_by_one(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<1> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.mod"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @remainder_by_one_2(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0> : tensor<i32>}
// CHECK-NEXT: %[[B:.*]] = "graph.expand"(%[[A]]) {shape = array<i64: 2, 3>}
// CHECK-NEXT: return %[[B]]
func.func @remainder_by_one_2(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<1> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.fmod"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @remainder_by_one_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.mod"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @remainder_by_one_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mod"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}
