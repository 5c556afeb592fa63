// RUN: aicc-opt %s --simplify-algebra | filecheck %s
// RUN: aicc-opt %s --simplify-algebra > %t.once
// RUN: aicc-opt %t.once --simplify-algebra > %t.twice
// RUN: diff %t.once %t.twice

// x ** 2 -> x * x.
// CHECK-LABEL: func.func @square(
// CHECK-NEXT: %[[A:.*]] = "graph.mul"(%arg0, %arg0)
// CHECK-NEXT: return %[[A]]
func.func @square(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<2.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pow"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @square_2(
// CHECK-NEXT: %[[A:.*]] = "graph.mul"(%arg0, %arg0)
// CHECK-NEXT: return %[[A]]
func.func @square_2(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<2> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.pow"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @square_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<[2.000000e+00, 2.000000e+00, 3.000000e+00]> : tensor<3xf32>}
// CHECK-NEXT: %[[B:.*]] = "graph.pow"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @square_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<[2.000000e+00, 2.000000e+00, 3.000000e+00]> : tensor<3xf32>} : () -> tensor<3xf32>
  %1 = "graph.pow"(%arg0, %0) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// x ** 3 -> x * x * x.
// CHECK-LABEL: func.func @cube(
// CHECK-NEXT: %[[A:.*]] = "graph.mul"(%arg0, %arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%[[A]], %arg0)
// CHECK-NEXT: return %[[B]]
func.func @cube(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pow"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @cube_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<4.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.pow"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @cube_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<4.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pow"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// x ** -1 -> 1 / x for floats.
// CHECK-LABEL: func.func @power_of_minus_one(
// CHECK-NEXT: %[[A:.*]] = "graph.reciprocal"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @power_of_minus_one(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<-1.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pow"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @power_of_minus_one_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<-1> : tensor<i32>}
// CHECK-NEXT: %[[B:.*]] = "graph.pow"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @power_of_minus_one_reject(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<-1> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.pow"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// x ** 0.5 -> sqrt(x) and x ** -0.5 -> rsqrt(x), where no x is negative or -0.0.
// CHECK-LABEL: func.func @power_of_half(
// CHECK-NEXT: %[[A:.*]] = "graph.abs"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @power_of_half(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.mul"(%arg0, %arg0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.constant"() {value = dense<5.000000e-01> : tensor<f32>} : () -> tensor<f32>
  %2 = "graph.pow"(%0, %1) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @power_of_half_2(
// CHECK-NEXT: %[[A:.*]] = "graph.mul"(%arg0, %arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.constant"() {value = dense<9.99999974E-6> : tensor<f32>}
// CHECK-NEXT: %[[C:.*]] = "graph.add"(%[[A]], %[[B]])
// CHECK-NEXT: %[[D:.*]] = "graph.rsqrt"(%[[C]])
// CHECK-NEXT: return %[[D]]
func.func @power_of_half_2(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.mul"(%arg0, %arg0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.constant"() {value = dense<9.99999974E-6> : tensor<f32>} : () -> tensor<f32>
  %2 = "graph.add"(%0, %1) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %3 = "graph.constant"() {value = dense<-5.000000e-01> : tensor<f32>} : () -> tensor<f32>
  %4 = "graph.pow"(%2, %3) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %4 : tensor<2x3xf32>
}

// -0.0 ** 0.5 is 0.0, sqrt(-0.0) is -0.0.
// CHECK-LABEL: func.func @power_of_half_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<5.000000e-01> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.pow"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @power_of_half_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<5.000000e-01> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pow"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// sqrt(x * x) -> abs(x).
// CHECK-LABEL: func.func @root_of_square(
// CHECK-NEXT: %[[A:.*]] = "graph.abs"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @root_of_square(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.mul"(%arg0, %arg0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.sqrt"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @root_of_square_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.mul"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.sqrt"(%[[A]])
// CHECK-NEXT: return %[[B]]
func.func @root_of_square_reject(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.mul"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.sqrt"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// log(softmax(x)) -> log-softmax(x), whose small results do not become zero in between.
// CHECK-LABEL: func.func @log_of_softmax(
// CHECK-NEXT: %[[A:.*]] = "graph.softmax"(%arg0) {axis = 1 : i64, log = true}
// CHECK-NEXT: return %[[A]]
func.func @log_of_softmax(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.softmax"(%arg0) {axis = 1 : i64, log = false} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.log"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @log_of_softmax_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.softmax"(%arg0) {axis = 1 : i64, log = false}
// CHECK-NEXT: %[[B:.*]] = "graph.log"(%[[A]])
// CHECK-NEXT: return %[[A]], %[[B]]
func.func @log_of_softmax_reject(%arg0: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %0 = "graph.softmax"(%arg0) {axis = 1 : i64, log = false} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.log"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0, %1 : tensor<2x3xf32>, tensor<2x3xf32>
}
