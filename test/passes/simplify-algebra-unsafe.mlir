// RUN: aicc-opt %s --simplify-algebra | filecheck %s
// RUN: aicc-opt %s --simplify-algebra > %t.once
// RUN: aicc-opt %t.once --simplify-algebra > %t.twice
// RUN: diff %t.once %t.twice

// What loses NaN, infinities or precision waits for leave.
module attributes {aicc.unsafe_fp} {
// CHECK-LABEL: func.func @multiply_by_zero_2(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.expand"(%[[A]]) {shape = array<i64: 2, 3>}
// CHECK-NEXT: return %[[B]]
func.func @multiply_by_zero_2(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @subtract_itself_2(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.expand"(%[[A]]) {shape = array<i64: 2, 3>}
// CHECK-NEXT: return %[[B]]
func.func @subtract_itself_2(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.sub"(%arg0, %arg0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// x / x -> 1 for floats; NaN, infinities and zeros are lost.
// CHECK-LABEL: func.func @divide_by_itself(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.expand"(%[[A]]) {shape = array<i64: 2, 3>}
// CHECK-NEXT: return %[[B]]
func.func @divide_by_itself(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.div"(%arg0, %arg0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// A division of integers by zero has no result.
// CHECK-LABEL: func.func @divide_by_itself_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.div"(%arg0, %arg0)
// CHECK-NEXT: return %[[A]]
func.func @divide_by_itself_reject(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.div"(%arg0, %arg0) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %0 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @cancel_sum_4(
// CHECK-NEXT: return %arg0
func.func @cancel_sum_4(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.add"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.sub"(%0, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// (x * y) / y -> x for floats.
// CHECK-LABEL: func.func @cancel_product(
// CHECK-NEXT: return %arg1
func.func @cancel_product(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.mul"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.div"(%0, %arg0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// The product may wrap around.
// CHECK-LABEL: func.func @cancel_product_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.mul"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.div"(%[[A]], %arg0)
// CHECK-NEXT: return %[[B]]
func.func @cancel_product_reject(%arg0: tensor<2x3xi32>, %arg1: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.mul"(%arg0, %arg1) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %1 = "graph.div"(%0, %arg0) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// x ** 0.5 -> sqrt(x) and x ** -0.5 -> rsqrt(x); -inf gives NaN, -0.0 the other sign.
// CHECK-LABEL: func.func @power_of_any_half(
// CHECK-NEXT: %[[A:.*]] = "graph.sqrt"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @power_of_any_half(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<5.000000e-01> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pow"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @power_of_any_half_2(
// CHECK-NEXT: %[[A:.*]] = "graph.rsqrt"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @power_of_any_half_2(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<-5.000000e-01> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pow"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @power_of_any_half_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<2.500000e-01> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.pow"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @power_of_any_half_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<2.500000e-01> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pow"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// log(exp(x)) -> x; infinities and zeros in between are lost.
// CHECK-LABEL: func.func @log_of_exp(
// CHECK-NEXT: return %arg0
func.func @log_of_exp(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.exp"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.log"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @log_of_exp_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.neg"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.log"(%[[A]])
// CHECK-NEXT: return %[[B]]
func.func @log_of_exp_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.neg"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.log"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// exp(log(x)) -> x; NaN is lost where x is negative.
// CHECK-LABEL: func.func @exp_of_log(
// CHECK-NEXT: return %arg0
func.func @exp_of_log(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.log"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.exp"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @exp_of_log_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.neg"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.exp"(%[[A]])
// CHECK-NEXT: return %[[B]]
func.func @exp_of_log_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.neg"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.exp"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @common_factor_4(
// CHECK-NEXT: %[[A:.*]] = "graph.add"(%arg1, %arg2)
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @common_factor_4(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>, %arg2: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.mul"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.mul"(%arg0, %arg2) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = "graph.add"(%0, %1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// One matrix product in both terms.
// CHECK-LABEL: func.func @common_factor_5(
// CHECK-NEXT: %[[A:.*]] = "graph.matmul"(%arg0, %arg1) {rhs_layout = "KN"}
// CHECK-NEXT: %[[B:.*]] = "graph.add"(%arg2, %arg3)
// CHECK-NEXT: %[[C:.*]] = "graph.mul"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @common_factor_5(%arg0: tensor<2x4xf32>, %arg1: tensor<4x3xf32>, %arg2: tensor<2x3xf32>, %arg3: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.matmul"(%arg0, %arg1) {rhs_layout = "KN"} : (tensor<2x4xf32>, tensor<4x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.mul"(%0, %arg2) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = "graph.mul"(%0, %arg3) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = "graph.add"(%1, %2) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @factor_one_3(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.add"(%arg1, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.mul"(%arg0, %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @factor_one_3(%arg0: tensor<2x3xf32>, %arg1: tensor<3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.mul"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %1 = "graph.add"(%arg0, %0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// (x * sqrt(y)) * (sqrt(y) * z) -> x * z * y; NaN is lost where y is negative.
// CHECK-LABEL: func.func @product_of_any_roots(
// CHECK-NEXT: %[[A:.*]] = "graph.mul"(%arg0, %arg2)
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%[[A]], %arg1)
// CHECK-NEXT: return %[[B]]
func.func @product_of_any_roots(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>, %arg2: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.sqrt"(%arg1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.mul"(%arg0, %0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = "graph.mul"(%0, %arg2) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = "graph.mul"(%1, %2) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @product_of_any_roots_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.sqrt"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.sqrt"(%arg1)
// CHECK-NEXT: %[[C:.*]] = "graph.mul"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @product_of_any_roots_reject(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.sqrt"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.sqrt"(%arg1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = "graph.mul"(%0, %1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// reduce_prod(exp(x)) -> exp(reduce_sum(x)); the sum's rounding error grows with the sum.
// CHECK-LABEL: func.func @product_of_powers(
// CHECK-NEXT: %[[A:.*]] = "graph.reduce_sum"(%arg0) {axes = array<i64: 1>, keepdims = false}
// CHECK-NEXT: %[[B:.*]] = "graph.exp"(%[[A]])
// CHECK-NEXT: return %[[B]]
func.func @product_of_powers(%arg0: tensor<2x3xf32>) -> tensor<2xf32> {
  %0 = "graph.exp"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.reduce_prod"(%0) {axes = array<i64: 1>, keepdims = false} : (tensor<2x3xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// CHECK-LABEL: func.func @product_of_powers_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.exp"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.reduce_sum"(%[[A]]) {axes = array<i64: 1>, keepdims = false}
// CHECK-NEXT: return %[[B]]
func.func @product_of_powers_reject(%arg0: tensor<2x3xf32>) -> tensor<2xf32> {
  %0 = "graph.exp"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.reduce_sum"(%0) {axes = array<i64: 1>, keepdims = false} : (tensor<2x3xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// exp(x) * exp(y) -> exp(x + y); the sum's rounding error grows with the sum.
// CHECK-LABEL: func.func @product_of_exponentials(
// CHECK-NEXT: %[[A:.*]] = "graph.add"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.exp"(%[[A]])
// CHECK-NEXT: return %[[B]]
func.func @product_of_exponentials(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.exp"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.exp"(%arg1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = "graph.mul"(%0, %1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// One of them is needed anyway.
// CHECK-LABEL: func.func @product_of_exponentials_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.exp"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.exp"(%arg1)
// CHECK-NEXT: %[[C:.*]] = "graph.mul"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[A]], %[[C]]
func.func @product_of_exponentials_reject(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %0 = "graph.exp"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.exp"(%arg1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = "graph.mul"(%0, %1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0, %2 : tensor<2x3xf32>, tensor<2x3xf32>
}
}
