// RUN: aicc-opt %s --simplify-algebra | filecheck %s
// RUN: aicc-opt %s --simplify-algebra > %t.once
// RUN: aicc-opt %t.once --simplify-algebra > %t.twice
// RUN: diff %t.once %t.twice

// x + -y -> x - y.
// CHECK-LABEL: func.func @add_negated(
// CHECK-NEXT: %[[A:.*]] = "graph.sub"(%arg0, %arg1)
// CHECK-NEXT: return %[[A]]
func.func @add_negated(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.neg"(%arg1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.add"(%arg0, %0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @add_negated_2(
// CHECK-NEXT: %[[A:.*]] = "graph.sub"(%arg1, %arg0)
// CHECK-NEXT: return %[[A]]
func.func @add_negated_2(%arg0: tensor<2x3xi32>, %arg1: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.neg"(%arg0) : (tensor<2x3xi32>) -> tensor<2x3xi32>
  %1 = "graph.add"(%0, %arg1) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @add_negated_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.neg"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.sub"(%[[A]], %arg1)
// CHECK-NEXT: return %[[B]]
func.func @add_negated_reject(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.neg"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.sub"(%0, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// x - -y -> x + y.
// CHECK-LABEL: func.func @subtract_negated(
// CHECK-NEXT: %[[A:.*]] = "graph.add"(%arg0, %arg1)
// CHECK-NEXT: return %[[A]]
func.func @subtract_negated(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.neg"(%arg1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.sub"(%arg0, %0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @subtract_negated_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.neg"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.sub"(%[[A]], %arg1)
// CHECK-NEXT: return %[[B]]
func.func @subtract_negated_reject(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.neg"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.sub"(%0, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// -x * -y -> x * y; -x / -y -> x / y for floats (the least integer has no negative).
// CHECK-LABEL: func.func @signs_cancel(
// CHECK-NEXT: %[[A:.*]] = "graph.mul"(%arg0, %arg1)
// CHECK-NEXT: return %[[A]]
func.func @signs_cancel(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.neg"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.neg"(%arg1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = "graph.mul"(%0, %1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @signs_cancel_2(
// CHECK-NEXT: %[[A:.*]] = "graph.div"(%arg0, %arg1)
// CHECK-NEXT: return %[[A]]
func.func @signs_cancel_2(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.neg"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.neg"(%arg1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = "graph.div"(%0, %1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @signs_cancel_3(
// CHECK-NEXT: %[[A:.*]] = "graph.mul"(%arg0, %arg1)
// CHECK-NEXT: return %[[A]]
func.func @signs_cancel_3(%arg0: tensor<2x3xi32>, %arg1: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.neg"(%arg0) : (tensor<2x3xi32>) -> tensor<2x3xi32>
  %1 = "graph.neg"(%arg1) : (tensor<2x3xi32>) -> tensor<2x3xi32>
  %2 = "graph.mul"(%0, %1) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %2 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @signs_cancel_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.neg"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.neg"(%arg1)
// CHECK-NEXT: %[[C:.*]] = "graph.div"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @signs_cancel_reject(%arg0: tensor<2x3xi32>, %arg1: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.neg"(%arg0) : (tensor<2x3xi32>) -> tensor<2x3xi32>
  %1 = "graph.neg"(%arg1) : (tensor<2x3xi32>) -> tensor<2x3xi32>
  %2 = "graph.div"(%0, %1) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %2 : tensor<2x3xi32>
}

// abs(x) * abs(x) -> x * x.
// CHECK-LABEL: func.func @square_of_absolute(
// CHECK-NEXT: %[[A:.*]] = "graph.mul"(%arg0, %arg0)
// CHECK-NEXT: return %[[A]]
func.func @square_of_absolute(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.abs"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.mul"(%0, %0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @square_of_absolute_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.abs"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.abs"(%arg1)
// CHECK-NEXT: %[[C:.*]] = "graph.mul"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @square_of_absolute_reject(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.abs"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.abs"(%arg1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = "graph.mul"(%0, %1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// abs(-x) -> abs(x).
// CHECK-LABEL: func.func @absolute_of_negated(
// CHECK-NEXT: %[[A:.*]] = "graph.abs"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @absolute_of_negated(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.neg"(%arg0) : (tensor<2x3xi32>) -> tensor<2x3xi32>
  %1 = "graph.abs"(%0) : (tensor<2x3xi32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @absolute_of_negated_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.abs"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.neg"(%[[A]])
// CHECK-NEXT: return %[[B]]
func.func @absolute_of_negated_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.abs"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.neg"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// -x * c -> x * -c.
// CHECK-LABEL: func.func @scale_negated(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<-3.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @scale_negated(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.neg"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %2 = "graph.mul"(%0, %1) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @scale_negated_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.neg"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%[[A]], %arg1)
// CHECK-NEXT: return %[[B]]
func.func @scale_negated_reject(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.neg"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.mul"(%0, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// -(x * c) -> x * -c.
// CHECK-LABEL: func.func @negate_scaled(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<-3.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @negate_scaled(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.neg"(%1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @negate_scaled_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.neg"(%[[B]])
// CHECK-NEXT: return %[[B]], %[[C]]
func.func @negate_scaled_reject(%arg0: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %0 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.neg"(%1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1, %2 : tensor<2x3xf32>, tensor<2x3xf32>
}

// -(x - y) -> y - x; where they are equal, the zero has the other sign.
// CHECK-LABEL: func.func @negate_difference(
// CHECK-NEXT: %[[A:.*]] = "graph.sub"(%arg1, %arg0)
// CHECK-NEXT: return %[[A]]
func.func @negate_difference(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.sub"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.neg"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @negate_difference_2(
// CHECK-NEXT: %[[A:.*]] = "graph.sub"(%arg1, %arg0)
// CHECK-NEXT: return %[[A]]
func.func @negate_difference_2(%arg0: tensor<2x3xi32>, %arg1: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.sub"(%arg0, %arg1) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %1 = "graph.neg"(%0) : (tensor<2x3xi32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @negate_difference_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.add"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.neg"(%[[A]])
// CHECK-NEXT: return %[[B]]
func.func @negate_difference_reject(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.add"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.neg"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// x * -1 -> -x.
// CHECK-LABEL: func.func @multiply_by_minus_one(
// CHECK-NEXT: %[[A:.*]] = "graph.neg"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @multiply_by_minus_one(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<-1.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @multiply_by_minus_one_2(
// CHECK-NEXT: %[[A:.*]] = "graph.neg"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @multiply_by_minus_one_2(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<-1> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.mul"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @multiply_by_minus_one_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<255> : tensor<ui8>}
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @multiply_by_minus_one_reject(%arg0: tensor<2x3xui8>) -> tensor<2x3xui8> {
  %0 = "graph.constant"() {value = dense<255> : tensor<ui8>} : () -> tensor<ui8>
  %1 = "graph.mul"(%arg0, %0) : (tensor<2x3xui8>, tensor<ui8>) -> tensor<2x3xui8>
  return %1 : tensor<2x3xui8>
}

// x / -1 -> -x for floats.
// CHECK-LABEL: func.func @divide_by_minus_one(
// CHECK-NEXT: %[[A:.*]] = "graph.neg"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @divide_by_minus_one(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<-1.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.div"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// The least integer has no negative.
// CHECK-LABEL: func.func @divide_by_minus_one_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<-1> : tensor<i32>}
// CHECK-NEXT: %[[B:.*]] = "graph.div"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @divide_by_minus_one_reject(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<-1> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.div"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// 0 - x -> -x; of floats -0.0 only: 0.0 - 0.0 is 0.0.
// CHECK-LABEL: func.func @subtract_from_zero(
// CHECK-NEXT: %[[A:.*]] = "graph.neg"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @subtract_from_zero(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<-0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.sub"(%0, %arg0) : (tensor<f32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @subtract_from_zero_2(
// CHECK-NEXT: %[[A:.*]] = "graph.neg"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @subtract_from_zero_2(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.sub"(%0, %arg0) : (tensor<i32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @subtract_from_zero_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.sub"(%[[A]], %arg0)
// CHECK-NEXT: return %[[B]]
func.func @subtract_from_zero_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.sub"(%0, %arg0) : (tensor<f32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// 0.0 - x -> -x; a zero may change its sign.
// CHECK-LABEL: func.func @subtract_from_positive_zero(
// CHECK-NEXT: %[[A:.*]] = "graph.neg"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @subtract_from_positive_zero(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.sub"(%0, %arg0) : (tensor<f32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @subtract_from_positive_zero_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<[0.000000e+00, 0.000000e+00, 1.000000e+00]> : tensor<3xf32>}
// CHECK-NEXT: %[[B:.*]] = "graph.sub"(%[[A]], %arg0)
// CHECK-NEXT: return %[[B]]
func.func @subtract_from_positive_zero_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<[0.000000e+00, 0.000000e+00, 1.000000e+00]> : tensor<3xf32>} : () -> tensor<3xf32>
  %1 = "graph.sub"(%0, %arg0) : (tensor<3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}
