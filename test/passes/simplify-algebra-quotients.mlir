// RUN: aicc-opt %s --simplify-algebra | filecheck %s
// RUN: aicc-opt %s --simplify-algebra > %t.once
// RUN: aicc-opt %t.once --simplify-algebra > %t.twice
// RUN: diff %t.once %t.twice

// x / c -> x * (1 / c) for floats, where 1 / c is exact.
// CHECK-LABEL: func.func @divide_by_power_of_two(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1.250000e-01> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @divide_by_power_of_two(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<8.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.div"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @divide_by_power_of_two_2(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<[2.000000e+00, -2.500000e-01, 5.000000e-01]> : tensor<3xf32>}
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.round"(%[[B]])
// CHECK-NEXT: return %[[C]]
func.func @divide_by_power_of_two_2(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<[5.000000e-01, -4.000000e+00, 2.000000e+00]> : tensor<3xf32>} : () -> tensor<3xf32>
  %1 = "graph.div"(%arg0, %0) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %2 = "graph.round"(%1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// The reciprocal is denormal.
// CHECK-LABEL: func.func @divide_by_power_of_two_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1.70141183E+38> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.div"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @divide_by_power_of_two_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<1.70141183E+38> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.div"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @divide_by_power_of_two_reject_2(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<8> : tensor<i32>}
// CHECK-NEXT: %[[B:.*]] = "graph.div"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @divide_by_power_of_two_reject_2(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<8> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.div"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// x / c -> x * (1 / c) for floats.
// CHECK-LABEL: func.func @divide_by_constant(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0.333333343> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @divide_by_constant(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.div"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @divide_by_constant_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.div"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @divide_by_constant_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.div"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// A quantisation: a tie would move.
// CHECK-LABEL: func.func @divide_by_constant_reject_2(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.div"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.round"(%[[B]])
// CHECK-NEXT: %[[D:.*]] = "graph.cast"(%[[C]]) {to = i8}
// CHECK-NEXT: return %[[D]]
func.func @divide_by_constant_reject_2(%arg0: tensor<2x3xf32>) -> tensor<2x3xi8> {
  %0 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.div"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.round"(%1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = "graph.cast"(%2) {to = i8} : (tensor<2x3xf32>) -> tensor<2x3xi8>
  return %3 : tensor<2x3xi8>
}

// x / w -> x * (1 / w) for float weights: the division then happens once.
// CHECK-LABEL: func.func @divide_by_weight(
// CHECK-NEXT: %[[A:.*]] = "graph.reciprocal"(%arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @divide_by_weight(%arg0: tensor<2x3xf32>, %arg1: tensor<3xf32> {aicc.weight = "w"}) -> tensor<2x3xf32> {
  %0 = "graph.div"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// w is an input.
// CHECK-LABEL: func.func @divide_by_weight_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.div"(%arg0, %arg1)
// CHECK-NEXT: return %[[A]]
func.func @divide_by_weight_reject(%arg0: tensor<2x3xf32>, %arg1: tensor<3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.div"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// 1 / x -> reciprocal(x) for floats.
// CHECK-LABEL: func.func @one_over(
// CHECK-NEXT: %[[A:.*]] = "graph.reciprocal"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @one_over(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.div"(%0, %arg0) : (tensor<f32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @one_over_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1> : tensor<i32>}
// CHECK-NEXT: %[[B:.*]] = "graph.div"(%[[A]], %arg0)
// CHECK-NEXT: return %[[B]]
func.func @one_over_reject(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<1> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.div"(%0, %arg0) : (tensor<i32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// 1 / sqrt(x) -> rsqrt(x), which is computed as exactly that.
// CHECK-LABEL: func.func @reciprocal_of_root(
// CHECK-NEXT: %[[A:.*]] = "graph.rsqrt"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @reciprocal_of_root(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.sqrt"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.reciprocal"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// The root is needed anyway.
// CHECK-LABEL: func.func @reciprocal_of_root_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.sqrt"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.reciprocal"(%[[A]])
// CHECK-NEXT: return %[[A]], %[[B]]
func.func @reciprocal_of_root_reject(%arg0: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %0 = "graph.sqrt"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.reciprocal"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0, %1 : tensor<2x3xf32>, tensor<2x3xf32>
}

// 1 / (1 / x) -> x.
// CHECK-LABEL: func.func @reciprocal_of_reciprocal(
// CHECK-NEXT: return %arg0
func.func @reciprocal_of_reciprocal(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.reciprocal"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.reciprocal"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @reciprocal_of_reciprocal_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.neg"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.reciprocal"(%[[A]])
// CHECK-NEXT: return %[[B]]
func.func @reciprocal_of_reciprocal_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.neg"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.reciprocal"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// 1 / (x / y) -> y / x.
// CHECK-LABEL: func.func @reciprocal_of_quotient(
// CHECK-NEXT: %[[A:.*]] = "graph.div"(%arg1, %arg0)
// CHECK-NEXT: return %[[A]]
func.func @reciprocal_of_quotient(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.div"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.reciprocal"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @reciprocal_of_quotient_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.div"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.reciprocal"(%[[A]])
// CHECK-NEXT: return %[[A]], %[[B]]
func.func @reciprocal_of_quotient_reject(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %0 = "graph.div"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.reciprocal"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0, %1 : tensor<2x3xf32>, tensor<2x3xf32>
}

// x * (1 / y) -> x / y, where y is as large as the result and no weight.
// CHECK-LABEL: func.func @multiply_by_reciprocal(
// CHECK-NEXT: %[[A:.*]] = "graph.div"(%arg0, %arg1)
// CHECK-NEXT: return %[[A]]
func.func @multiply_by_reciprocal(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.reciprocal"(%arg1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.mul"(%arg0, %0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// Three reciprocals are cheaper than six quotients.
// CHECK-LABEL: func.func @multiply_by_reciprocal_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.reciprocal"(%arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @multiply_by_reciprocal_reject(%arg0: tensor<2x3xf32>, %arg1: tensor<3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.reciprocal"(%arg1) : (tensor<3xf32>) -> tensor<3xf32>
  %1 = "graph.mul"(%arg0, %0) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// x / (1 / y) -> x * y.
// CHECK-LABEL: func.func @divide_by_reciprocal(
// CHECK-NEXT: %[[A:.*]] = "graph.mul"(%arg0, %arg1)
// CHECK-NEXT: return %[[A]]
func.func @divide_by_reciprocal(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.reciprocal"(%arg1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.div"(%arg0, %0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @divide_by_reciprocal_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.reciprocal"(%arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.div"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.floor"(%[[B]])
// CHECK-NEXT: return %[[C]]
func.func @divide_by_reciprocal_reject(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.reciprocal"(%arg1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.div"(%arg0, %0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = "graph.floor"(%1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// (x / y) / z -> x / (y * z) and x / (y / z) -> (x * z) / y for floats.
// CHECK-LABEL: func.func @quotient_of_quotient(
// CHECK-NEXT: %[[A:.*]] = "graph.mul"(%arg1, %arg2)
// CHECK-NEXT: %[[B:.*]] = "graph.div"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @quotient_of_quotient(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>, %arg2: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.div"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.div"(%0, %arg2) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @quotient_of_quotient_2(
// CHECK-NEXT: %[[A:.*]] = "graph.mul"(%arg0, %arg2)
// CHECK-NEXT: %[[B:.*]] = "graph.div"(%[[A]], %arg1)
// CHECK-NEXT: return %[[B]]
func.func @quotient_of_quotient_2(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>, %arg2: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.div"(%arg1, %arg2) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.div"(%arg0, %0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @quotient_of_quotient_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.div"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.div"(%[[A]], %arg2)
// CHECK-NEXT: return %[[B]]
func.func @quotient_of_quotient_reject(%arg0: tensor<2x3xi32>, %arg1: tensor<2x3xi32>, %arg2: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.div"(%arg0, %arg1) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %1 = "graph.div"(%0, %arg2) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// 1/x * 1/(x * y) -> r * (r / y) with r = 1/x: one operation less.
// CHECK-LABEL: func.func @product_of_reciprocals(
// CHECK-NEXT: %[[A:.*]] = "graph.reciprocal"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.div"(%[[A]], %arg1)
// CHECK-NEXT: %[[C:.*]] = "graph.mul"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @product_of_reciprocals(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.reciprocal"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.mul"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = "graph.reciprocal"(%1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = "graph.mul"(%0, %2) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @product_of_reciprocals_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.reciprocal"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg1, %arg2)
// CHECK-NEXT: %[[C:.*]] = "graph.div"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @product_of_reciprocals_reject(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>, %arg2: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.reciprocal"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.mul"(%arg1, %arg2) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = "graph.reciprocal"(%1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = "graph.mul"(%0, %2) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}
