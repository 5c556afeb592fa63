// RUN: aicc-opt %s --simplify-algebra | filecheck %s
// RUN: aicc-opt %s --simplify-algebra > %t.once
// RUN: aicc-opt %t.once --simplify-algebra > %t.twice
// RUN: diff %t.once %t.twice

// Under `aicc.strict_fp` nothing may change the rounding.
module attributes {aicc.strict_fp} {
// x + 0.0 -> x; a zero may change its sign.
// CHECK-LABEL: func.func @add_positive_zero(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.add"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @add_positive_zero(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.add"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// -(x - y) -> y - x; where they are equal, the zero has the other sign.
// CHECK-LABEL: func.func @negate_difference(
// CHECK-NEXT: %[[A:.*]] = "graph.sub"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.neg"(%[[A]])
// CHECK-NEXT: return %[[B]]
func.func @negate_difference(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.sub"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.neg"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// 0.0 - x -> -x; a zero may change its sign.
// CHECK-LABEL: func.func @subtract_from_positive_zero(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.sub"(%[[A]], %arg0)
// CHECK-NEXT: return %[[B]]
func.func @subtract_from_positive_zero(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.sub"(%0, %arg0) : (tensor<f32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// x ** 2 -> x * x.
// CHECK-LABEL: func.func @square(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<2.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.pow"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @square(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<2.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pow"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// x ** 3 -> x * x * x.
// CHECK-LABEL: func.func @cube(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.pow"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @cube(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pow"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// x ** -1 -> 1 / x for floats.
// CHECK-LABEL: func.func @power_of_minus_one(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<-1.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.pow"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @power_of_minus_one(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<-1.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pow"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// x ** 0.5 -> sqrt(x) and x ** -0.5 -> rsqrt(x), where no x is negative or -0.0.
// CHECK-LABEL: func.func @power_of_half(
// CHECK-NEXT: %[[A:.*]] = "graph.mul"(%arg0, %arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.constant"() {value = dense<5.000000e-01> : tensor<f32>}
// CHECK-NEXT: %[[C:.*]] = "graph.pow"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @power_of_half(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.mul"(%arg0, %arg0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.constant"() {value = dense<5.000000e-01> : tensor<f32>} : () -> tensor<f32>
  %2 = "graph.pow"(%0, %1) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// sqrt(x * x) -> abs(x).
// CHECK-LABEL: func.func @root_of_square(
// CHECK-NEXT: %[[A:.*]] = "graph.mul"(%arg0, %arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.sqrt"(%[[A]])
// CHECK-NEXT: return %[[B]]
func.func @root_of_square(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.mul"(%arg0, %arg0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.sqrt"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// log(softmax(x)) -> log-softmax(x), whose small results do not become zero in between.
// CHECK-LABEL: func.func @log_of_softmax(
// CHECK-NEXT: %[[A:.*]] = "graph.softmax"(%arg0) {axis = 1 : i64, log = false}
// CHECK-NEXT: %[[B:.*]] = "graph.log"(%[[A]])
// CHECK-NEXT: return %[[B]]
func.func @log_of_softmax(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.softmax"(%arg0) {axis = 1 : i64, log = false} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.log"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// x / c -> x * (1 / c) for floats.
// CHECK-LABEL: func.func @divide_by_constant(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.div"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @divide_by_constant(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.div"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// x / w -> x * (1 / w) for float weights: the division then happens once.
// CHECK-LABEL: func.func @divide_by_weight(
// CHECK-NEXT: %[[A:.*]] = "graph.div"(%arg0, %arg1)
// CHECK-NEXT: return %[[A]]
func.func @divide_by_weight(%arg0: tensor<2x3xf32>, %arg1: tensor<3xf32> {aicc.weight = "w"}) -> tensor<2x3xf32> {
  %0 = "graph.div"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// 1 / (1 / x) -> x.
// CHECK-LABEL: func.func @reciprocal_of_reciprocal(
// CHECK-NEXT: %[[A:.*]] = "graph.reciprocal"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.reciprocal"(%[[A]])
// CHECK-NEXT: return %[[B]]
func.func @reciprocal_of_reciprocal(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.reciprocal"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.reciprocal"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// 1 / (x / y) -> y / x.
// CHECK-LABEL: func.func @reciprocal_of_quotient(
// CHECK-NEXT: %[[A:.*]] = "graph.div"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.reciprocal"(%[[A]])
// CHECK-NEXT: return %[[B]]
func.func @reciprocal_of_quotient(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.div"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.reciprocal"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// x * (1 / y) -> x / y, where y is as large as the result and no weight.
// CHECK-LABEL: func.func @multiply_by_reciprocal(
// CHECK-NEXT: %[[A:.*]] = "graph.reciprocal"(%arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @multiply_by_reciprocal(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.reciprocal"(%arg1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.mul"(%arg0, %0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// x / (1 / y) -> x * y.
// CHECK-LABEL: func.func @divide_by_reciprocal(
// CHECK-NEXT: %[[A:.*]] = "graph.reciprocal"(%arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.div"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @divide_by_reciprocal(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.reciprocal"(%arg1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.div"(%arg0, %0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// (x / y) / z -> x / (y * z) and x / (y / z) -> (x * z) / y for floats.
// CHECK-LABEL: func.func @quotient_of_quotient(
// CHECK-NEXT: %[[A:.*]] = "graph.div"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.div"(%[[A]], %arg2)
// CHECK-NEXT: return %[[B]]
func.func @quotient_of_quotient(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>, %arg2: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.div"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.div"(%0, %arg2) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// 1/x * 1/(x * y) -> r * (r / y) with r = 1/x: one operation less.
// CHECK-LABEL: func.func @product_of_reciprocals(
// CHECK-NEXT: %[[A:.*]] = "graph.reciprocal"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %arg1)
// CHECK-NEXT: %[[C:.*]] = "graph.reciprocal"(%[[B]])
// CHECK-NEXT: %[[D:.*]] = "graph.mul"(%[[A]], %[[C]])
// CHECK-NEXT: return %[[D]]
func.func @product_of_reciprocals(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.reciprocal"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.mul"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = "graph.reciprocal"(%1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = "graph.mul"(%0, %2) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}

// (x + c) + d -> x + (c + d) for constants and weights; also with sub.
// CHECK-LABEL: func.func @gather_sum(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.add"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.constant"() {value = dense<2.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[D:.*]] = "graph.add"(%[[B]], %[[C]])
// CHECK-NEXT: return %[[D]]
func.func @gather_sum(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.add"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.constant"() {value = dense<2.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.add"(%1, %2) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}

// (x * c) * d -> x * (c * d) for constants and weights; of floats also with div.
// CHECK-LABEL: func.func @gather_product(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1.500000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[D:.*]] = "graph.mul"(%[[B]], %[[C]])
// CHECK-NEXT: return %[[D]]
func.func @gather_product(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<1.500000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.mul"(%1, %2) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}

// (M + s) + t -> M + (s + t), where s and t broadcast to less than M; also mul.
// CHECK-LABEL: func.func @small_operands_first(
// CHECK-NEXT: %[[A:.*]] = "graph.add"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.add"(%[[A]], %arg2)
// CHECK-NEXT: return %[[B]]
func.func @small_operands_first(%arg0: tensor<2x3xf32>, %arg1: tensor<3xf32>, %arg2: tensor<1x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.add"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %1 = "graph.add"(%0, %arg2) : (tensor<2x3xf32>, tensor<1x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// (M + s) + (N + t) -> (M + N) + (s + t), where s and t broadcast to less; also mul.
// CHECK-LABEL: func.func @small_pairs_first(
// CHECK-NEXT: %[[A:.*]] = "graph.add"(%arg0, %arg2)
// CHECK-NEXT: %[[B:.*]] = "graph.add"(%arg3, %arg1)
// CHECK-NEXT: %[[C:.*]] = "graph.add"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @small_pairs_first(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>, %arg2: tensor<3xf32>, %arg3: tensor<1x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.add"(%arg0, %arg2) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %1 = "graph.add"(%arg3, %arg1) : (tensor<1x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = "graph.add"(%0, %1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// x * c + x * d -> x * (c + d) for float constants of one sign; also x * c + x.
// CHECK-LABEL: func.func @gather_coefficients(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1.500000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[D:.*]] = "graph.mul"(%arg0, %[[C]])
// CHECK-NEXT: %[[E:.*]] = "graph.add"(%[[B]], %[[D]])
// CHECK-NEXT: return %[[E]]
func.func @gather_coefficients(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<1.500000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.mul"(%arg0, %2) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %4 = "graph.add"(%1, %3) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %4 : tensor<2x3xf32>
}

// (x * sqrt(y)) * (sqrt(y) * z) -> x * z * y, where no y is negative.
// CHECK-LABEL: func.func @product_of_roots(
// CHECK-NEXT: %[[A:.*]] = "graph.abs"(%arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.sqrt"(%[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.mul"(%arg0, %[[B]])
// CHECK-NEXT: %[[D:.*]] = "graph.mul"(%[[B]], %arg2)
// CHECK-NEXT: %[[E:.*]] = "graph.mul"(%[[C]], %[[D]])
// CHECK-NEXT: return %[[E]]
func.func @product_of_roots(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>, %arg2: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.abs"(%arg1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.sqrt"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = "graph.mul"(%arg0, %1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = "graph.mul"(%1, %arg2) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %4 = "graph.mul"(%2, %3) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %4 : tensor<2x3xf32>
}

// reduce_sum(x * c) -> reduce_sum(x) * c for one constant c; of floats also reduce_mean.
// CHECK-LABEL: func.func @sum_of_scaled(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.reduce_sum"(%[[B]]) {axes = array<i64: 1>, keepdims = true}
// CHECK-NEXT: return %[[C]]
func.func @sum_of_scaled(%arg0: tensor<2x3xf32>) -> tensor<2x1xf32> {
  %0 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.reduce_sum"(%1) {axes = array<i64: 1>, keepdims = true} : (tensor<2x3xf32>) -> tensor<2x1xf32>
  return %2 : tensor<2x1xf32>
}
}
