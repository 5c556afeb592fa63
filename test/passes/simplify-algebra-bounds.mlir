// RUN: aicc-opt %s --simplify-algebra | filecheck %s
// RUN: aicc-opt %s --simplify-algebra > %t.once
// RUN: aicc-opt %t.once --simplify-algebra > %t.twice
// RUN: diff %t.once %t.twice

// max(max(x, c), d) -> max(x, max(c, d)); also min.
// CHECK-LABEL: func.func @maximum_of_maximum(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<2.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.maximum"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @maximum_of_maximum(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.maximum"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.constant"() {value = dense<2.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.maximum"(%1, %2) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @maximum_of_maximum_2(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<-0.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.minimum"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @maximum_of_maximum_2(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.minimum"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.constant"() {value = dense<-0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.minimum"(%1, %2) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @maximum_of_maximum_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.maximum"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.maximum"(%[[B]], %arg1)
// CHECK-NEXT: return %[[C]]
func.func @maximum_of_maximum_reject(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.maximum"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.maximum"(%1, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// A constant has 64 elements at most.
// CHECK-LABEL: func.func @maximum_of_maximum_reject_2(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<{{\[\[}}1.000000e+00], [2.000000e+00], [3.000000e+00], [4.000000e+00], [5.000000e+00], [6.000000e+00], [7.000000e+00], [8.000000e+00], [9.000000e+00]]> : tensor<9x1xf32>}
// CHECK-NEXT: %[[B:.*]] = "graph.maximum"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.constant"() {value = dense<{{\[\[}}1.000000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00, 5.000000e+00, 6.000000e+00, 7.000000e+00, 8.000000e+00, 9.000000e+00]]> : tensor<1x9xf32>}
// CHECK-NEXT: %[[D:.*]] = "graph.maximum"(%[[B]], %[[C]])
// CHECK-NEXT: return %[[D]]
func.func @maximum_of_maximum_reject_2(%arg0: tensor<9x9xf32>) -> tensor<9x9xf32> {
  %0 = "graph.constant"() {value = dense<[[1.000000e+00], [2.000000e+00], [3.000000e+00], [4.000000e+00], [5.000000e+00], [6.000000e+00], [7.000000e+00], [8.000000e+00], [9.000000e+00]]> : tensor<9x1xf32>} : () -> tensor<9x1xf32>
  %1 = "graph.maximum"(%arg0, %0) : (tensor<9x9xf32>, tensor<9x1xf32>) -> tensor<9x9xf32>
  %2 = "graph.constant"() {value = dense<[[1.000000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00, 5.000000e+00, 6.000000e+00, 7.000000e+00, 8.000000e+00, 9.000000e+00]]> : tensor<1x9xf32>} : () -> tensor<1x9xf32>
  %3 = "graph.maximum"(%1, %2) : (tensor<9x9xf32>, tensor<1x9xf32>) -> tensor<9x9xf32>
  return %3 : tensor<9x9xf32>
}

// max(min(x, high), low) -> min(max(x, low), max(high, low)): clips of clips then meet.
// CHECK-LABEL: func.func @maximum_of_minimum(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<-1.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.maximum"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.constant"() {value = dense<6.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[D:.*]] = "graph.minimum"(%[[B]], %[[C]])
// CHECK-NEXT: return %[[D]]
func.func @maximum_of_minimum(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<6.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.minimum"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.constant"() {value = dense<-1.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.maximum"(%1, %2) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}

// A clip of a clip.
// CHECK-LABEL: func.func @maximum_of_minimum_2(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.maximum"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.constant"() {value = dense<4.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[D:.*]] = "graph.minimum"(%[[B]], %[[C]])
// CHECK-NEXT: return %[[D]]
func.func @maximum_of_minimum_2(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<-1.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.maximum"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.constant"() {value = dense<6.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.minimum"(%1, %2) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %4 = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %5 = "graph.maximum"(%3, %4) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %6 = "graph.constant"() {value = dense<4.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %7 = "graph.minimum"(%5, %6) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %7 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @maximum_of_minimum_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<6.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.minimum"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.constant"() {value = dense<-1.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[D:.*]] = "graph.maximum"(%[[B]], %[[C]])
// CHECK-NEXT: return %[[B]], %[[D]]
func.func @maximum_of_minimum_reject(%arg0: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %0 = "graph.constant"() {value = dense<6.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.minimum"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.constant"() {value = dense<-1.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.maximum"(%1, %2) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1, %3 : tensor<2x3xf32>, tensor<2x3xf32>
}

// CHECK-LABEL: func.func @maximum_of_minimum_reject_2(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<{{\[\[}}1.000000e+00], [2.000000e+00], [3.000000e+00], [4.000000e+00], [5.000000e+00], [6.000000e+00], [7.000000e+00], [8.000000e+00], [9.000000e+00]]> : tensor<9x1xf32>}
// CHECK-NEXT: %[[B:.*]] = "graph.minimum"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.constant"() {value = dense<{{\[\[}}1.000000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00, 5.000000e+00, 6.000000e+00, 7.000000e+00, 8.000000e+00, 9.000000e+00]]> : tensor<1x9xf32>}
// CHECK-NEXT: %[[D:.*]] = "graph.maximum"(%[[B]], %[[C]])
// CHECK-NEXT: return %[[D]]
func.func @maximum_of_minimum_reject_2(%arg0: tensor<9x9xf32>) -> tensor<9x9xf32> {
  %0 = "graph.constant"() {value = dense<[[1.000000e+00], [2.000000e+00], [3.000000e+00], [4.000000e+00], [5.000000e+00], [6.000000e+00], [7.000000e+00], [8.000000e+00], [9.000000e+00]]> : tensor<9x1xf32>} : () -> tensor<9x1xf32>
  %1 = "graph.minimum"(%arg0, %0) : (tensor<9x9xf32>, tensor<9x1xf32>) -> tensor<9x9xf32>
  %2 = "graph.constant"() {value = dense<[[1.000000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00, 5.000000e+00, 6.000000e+00, 7.000000e+00, 8.000000e+00, 9.000000e+00]]> : tensor<1x9xf32>} : () -> tensor<1x9xf32>
  %3 = "graph.maximum"(%1, %2) : (tensor<9x9xf32>, tensor<1x9xf32>) -> tensor<9x9xf32>
  return %3 : tensor<9x9xf32>
}

// relu(min(x, high)) -> min(relu(x), max(high, 0)): clips of clips then meet.
// CHECK-LABEL: func.func @relu_of_minimum(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<6.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.relu"(%arg0)
// CHECK-NEXT: %[[C:.*]] = "graph.minimum"(%[[B]], %[[A]])
// CHECK-NEXT: return %[[C]]
func.func @relu_of_minimum(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<6.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.minimum"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.relu"(%1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @relu_of_minimum_2(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0> : tensor<i32>}
// CHECK-NEXT: %[[B:.*]] = "graph.relu"(%arg0)
// CHECK-NEXT: %[[C:.*]] = "graph.minimum"(%[[B]], %[[A]])
// CHECK-NEXT: return %[[C]]
func.func @relu_of_minimum_2(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<-3> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.minimum"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  %2 = "graph.relu"(%1) : (tensor<2x3xi32>) -> tensor<2x3xi32>
  return %2 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @relu_of_minimum_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.minimum"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.relu"(%[[A]])
// CHECK-NEXT: return %[[B]]
func.func @relu_of_minimum_reject(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.minimum"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.relu"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// max(x, 0) -> relu(x); of floats 0.0 only.
// CHECK-LABEL: func.func @maximum_with_zero(
// CHECK-NEXT: %[[A:.*]] = "graph.relu"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @maximum_with_zero(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.maximum"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @maximum_with_zero_2(
// CHECK-NEXT: %[[A:.*]] = "graph.relu"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @maximum_with_zero_2(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.maximum"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @maximum_with_zero_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<-0.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.maximum"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @maximum_with_zero_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<-0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.maximum"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// relu(max(x, c)) -> relu(x) for c <= 0; for c > 0 the maximum is known not to be negative.
// CHECK-LABEL: func.func @relu_of_maximum(
// CHECK-NEXT: %[[A:.*]] = "graph.relu"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @relu_of_maximum(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<-2.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.maximum"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.relu"(%1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @relu_of_maximum_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<[-1.000000e+00, 0.000000e+00, 1.000000e+00]> : tensor<3xf32>}
// CHECK-NEXT: %[[B:.*]] = "graph.maximum"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.relu"(%[[B]])
// CHECK-NEXT: return %[[C]]
func.func @relu_of_maximum_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<[-1.000000e+00, 0.000000e+00, 1.000000e+00]> : tensor<3xf32>} : () -> tensor<3xf32>
  %1 = "graph.maximum"(%arg0, %0) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %2 = "graph.relu"(%1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// max(relu(x), c) -> max(x, c) for c > 0, relu(x) for c <= 0.
// CHECK-LABEL: func.func @maximum_of_relu(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<2.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.maximum"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @maximum_of_relu(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.relu"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.constant"() {value = dense<2.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %2 = "graph.maximum"(%0, %1) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @maximum_of_relu_2(
// CHECK-NEXT: %[[A:.*]] = "graph.relu"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @maximum_of_relu_2(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.relu"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.constant"() {value = dense<-2.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %2 = "graph.maximum"(%0, %1) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// x may be NaN.
// CHECK-LABEL: func.func @maximum_of_relu_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.relu"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.constant"() {value = dense<-2.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[C:.*]] = "graph.minimum"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @maximum_of_relu_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.relu"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.constant"() {value = dense<-2.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %2 = "graph.minimum"(%0, %1) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// min(max(x, low), high) -> high for integers with high <= low.
// CHECK-LABEL: func.func @empty_clip(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<3> : tensor<i32>}
// CHECK-NEXT: %[[B:.*]] = "graph.expand"(%[[A]]) {shape = array<i64: 2, 3>}
// CHECK-NEXT: return %[[B]]
func.func @empty_clip(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.constant"() {value = dense<5> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.maximum"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  %2 = "graph.constant"() {value = dense<3> : tensor<i32>} : () -> tensor<i32>
  %3 = "graph.minimum"(%1, %2) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %3 : tensor<2x3xi32>
}

// x may be NaN.
// CHECK-LABEL: func.func @empty_clip_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<5.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.maximum"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[D:.*]] = "graph.minimum"(%[[B]], %[[C]])
// CHECK-NEXT: return %[[D]]
func.func @empty_clip_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<5.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.maximum"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.minimum"(%1, %2) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}
