// RUN: aicc-opt %s --simplify-algebra | filecheck %s
// RUN: aicc-opt %s --simplify-algebra > %t.once
// RUN: aicc-opt %t.once --simplify-algebra > %t.twice
// RUN: diff %t.once %t.twice

// x + 0 -> x; of floats -0.0 only: -0.0 + 0.0 is 0.0.
// CHECK-LABEL: func.func @add_zero(
// CHECK-NEXT: return %arg0
func.func @add_zero(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<-0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.add"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @add_zero_2(
// CHECK-NEXT: return %arg0
func.func @add_zero_2(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<-0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.add"(%0, %arg0) : (tensor<f32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @add_zero_3(
// CHECK-NEXT: return %arg0
func.func @add_zero_3(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.add"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// The zeros also broadcast.
// CHECK-LABEL: func.func @add_zero_4(
// CHECK-NEXT: %[[A:.*]] = "graph.expand"(%arg0) {shape = array<i64: 2, 3>}
// CHECK-NEXT: return %[[A]]
func.func @add_zero_4(%arg0: tensor<3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<0> : tensor<2x1xi32>} : () -> tensor<2x1xi32>
  %1 = "graph.add"(%arg0, %0) : (tensor<3xi32>, tensor<2x1xi32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @add_zero_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.add"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @add_zero_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.add"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// x + 0.0 -> x; a zero may change its sign.
// CHECK-LABEL: func.func @add_positive_zero(
// CHECK-NEXT: return %arg0
func.func @add_positive_zero(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.add"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @add_positive_zero_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<[0.000000e+00, 0.000000e+00, 1.000000e-30]> : tensor<3xf32>}
// CHECK-NEXT: %[[B:.*]] = "graph.add"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @add_positive_zero_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<[0.000000e+00, 0.000000e+00, 1.000000e-30]> : tensor<3xf32>} : () -> tensor<3xf32>
  %1 = "graph.add"(%arg0, %0) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// x - 0 -> x.
// CHECK-LABEL: func.func @subtract_zero(
// CHECK-NEXT: return %arg0
func.func @subtract_zero(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.sub"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// -0.0 - -0.0 is 0.0.
// CHECK-LABEL: func.func @subtract_zero_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<-0.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.sub"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @subtract_zero_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<-0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.sub"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @subtract_zero_reject_2(
// CHECK-NEXT: %[[A:.*]] = "graph.neg"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @subtract_zero_reject_2(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.sub"(%0, %arg0) : (tensor<i32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// x * 1 -> x.
// CHECK-LABEL: func.func @multiply_by_one(
// CHECK-NEXT: return %arg0
func.func @multiply_by_one(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @multiply_by_one_2(
// CHECK-NEXT: return %arg0
func.func @multiply_by_one_2(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%0, %arg0) : (tensor<f32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @multiply_by_one_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<[1.000000e+00, 1.000000e+00, 2.000000e+00]> : tensor<3xf32>}
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @multiply_by_one_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<[1.000000e+00, 1.000000e+00, 2.000000e+00]> : tensor<3xf32>} : () -> tensor<3xf32>
  %1 = "graph.mul"(%arg0, %0) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// x / 1 -> x.
// CHECK-LABEL: func.func @divide_by_one(
// CHECK-NEXT: return %arg0
func.func @divide_by_one(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.div"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @divide_by_one_2(
// CHECK-NEXT: return %arg0
func.func @divide_by_one_2(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<1> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.div"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @divide_by_one_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1> : tensor<i32>}
// CHECK-NEXT: %[[B:.*]] = "graph.div"(%[[A]], %arg0)
// CHECK-NEXT: return %[[B]]
func.func @divide_by_one_reject(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<1> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.div"(%0, %arg0) : (tensor<i32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// x ** 1 -> x.
// CHECK-LABEL: func.func @power_of_one(
// CHECK-NEXT: return %arg0
func.func @power_of_one(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pow"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @power_of_one_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.pow"(%[[A]], %arg0)
// CHECK-NEXT: return %[[B]]
func.func @power_of_one_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pow"(%0, %arg0) : (tensor<f32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// max(x, -inf or the least integer) -> x.
// CHECK-LABEL: func.func @maximum_with_least(
// CHECK-NEXT: return %arg0
func.func @maximum_with_least(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<0xFF800000> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.maximum"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @maximum_with_least_2(
// CHECK-NEXT: return %arg0
func.func @maximum_with_least_2(%arg0: tensor<2x3xui8>) -> tensor<2x3xui8> {
  %0 = "graph.constant"() {value = dense<0> : tensor<ui8>} : () -> tensor<ui8>
  %1 = "graph.maximum"(%arg0, %0) : (tensor<2x3xui8>, tensor<ui8>) -> tensor<2x3xui8>
  return %1 : tensor<2x3xui8>
}

// CHECK-LABEL: func.func @maximum_with_least_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<-2147483647> : tensor<i32>}
// CHECK-NEXT: %[[B:.*]] = "graph.maximum"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @maximum_with_least_reject(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<-2147483647> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.maximum"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// min(x, inf or the greatest) -> x.
// CHECK-LABEL: func.func @minimum_with_greatest(
// CHECK-NEXT: return %arg0
func.func @minimum_with_greatest(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<0x7F800000> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.minimum"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @minimum_with_greatest_2(
// CHECK-NEXT: return %arg0
func.func @minimum_with_greatest_2(%arg0: tensor<2x3xui8>) -> tensor<2x3xui8> {
  %0 = "graph.constant"() {value = dense<255> : tensor<ui8>} : () -> tensor<ui8>
  %1 = "graph.minimum"(%arg0, %0) : (tensor<2x3xui8>, tensor<ui8>) -> tensor<2x3xui8>
  return %1 : tensor<2x3xui8>
}

// CHECK-LABEL: func.func @minimum_with_greatest_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<3.400000e+38> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.minimum"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @minimum_with_greatest_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<3.400000e+38> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.minimum"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}
