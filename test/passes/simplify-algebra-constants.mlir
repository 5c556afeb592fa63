// RUN: aicc-opt %s --simplify-algebra | filecheck %s
// RUN: aicc-opt %s --simplify-algebra > %t.once
// RUN: aicc-opt %t.once --simplify-algebra > %t.twice
// RUN: diff %t.once %t.twice

// (x + c) + d -> x + (c + d) for constants and weights; also with sub.
// CHECK-LABEL: func.func @gather_sum(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.add"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @gather_sum(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.add"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.constant"() {value = dense<2.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.add"(%1, %2) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @gather_sum_2(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<-2.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.sub"(%[[A]], %arg0)
// CHECK-NEXT: return %[[B]]
func.func @gather_sum_2(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %2 = "graph.add"(%arg0, %1) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %3 = "graph.sub"(%0, %2) : (tensor<f32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @gather_sum_3(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<4.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.sub"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @gather_sum_3(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.sub"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.sub"(%1, %2) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @gather_sum_4(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<-2.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.add"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @gather_sum_4(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %2 = "graph.sub"(%1, %arg0) : (tensor<f32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = "graph.sub"(%0, %2) : (tensor<f32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}

// Sums of integers wrap around.
// CHECK-LABEL: func.func @gather_sum_5(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<-56> : tensor<i8>}
// CHECK-NEXT: %[[B:.*]] = "graph.add"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @gather_sum_5(%arg0: tensor<4xi8>) -> tensor<4xi8> {
  %0 = "graph.constant"() {value = dense<100> : tensor<i8>} : () -> tensor<i8>
  %1 = "graph.add"(%arg0, %0) : (tensor<4xi8>, tensor<i8>) -> tensor<4xi8>
  %2 = "graph.constant"() {value = dense<100> : tensor<i8>} : () -> tensor<i8>
  %3 = "graph.add"(%1, %2) : (tensor<4xi8>, tensor<i8>) -> tensor<4xi8>
  return %3 : tensor<4xi8>
}

// The weight changes before the run.
// CHECK-LABEL: func.func @gather_sum_6(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.sub"(%arg1, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.add"(%arg0, %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @gather_sum_6(%arg0: tensor<2x3xf32>, %arg1: tensor<3xf32> {aicc.weight = "w"}) -> tensor<2x3xf32> {
  %0 = "graph.add"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %1 = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %2 = "graph.sub"(%0, %1) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @gather_sum_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1.000000e-01> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.add"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.constant"() {value = dense<0.699999988> : tensor<f32>}
// CHECK-NEXT: %[[D:.*]] = "graph.add"(%[[B]], %[[C]])
// CHECK-NEXT: %[[E:.*]] = "graph.floor"(%[[D]])
// CHECK-NEXT: return %[[E]]
func.func @gather_sum_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<1.000000e-01> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.add"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.constant"() {value = dense<0.699999988> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.add"(%1, %2) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %4 = "graph.floor"(%3) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %4 : tensor<2x3xf32>
}

// The constants overflow.
// CHECK-LABEL: func.func @gather_sum_reject_2(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<3.000000e+38> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.add"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.constant"() {value = dense<3.000000e+38> : tensor<f32>}
// CHECK-NEXT: %[[D:.*]] = "graph.add"(%[[B]], %[[C]])
// CHECK-NEXT: return %[[D]]
func.func @gather_sum_reject_2(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<3.000000e+38> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.add"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.constant"() {value = dense<3.000000e+38> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.add"(%1, %2) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}

// Their sum is larger than both weights.
// CHECK-LABEL: func.func @gather_sum_reject_3(
// CHECK-NEXT: %[[A:.*]] = "graph.add"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.add"(%[[A]], %arg2)
// CHECK-NEXT: return %[[B]]
func.func @gather_sum_reject_3(%arg0: tensor<2x3xf32>, %arg1: tensor<2x1xf32> {aicc.weight = "v"}, %arg2: tensor<3xf32> {aicc.weight = "w"}) -> tensor<2x3xf32> {
  %0 = "graph.add"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<2x1xf32>) -> tensor<2x3xf32>
  %1 = "graph.add"(%0, %arg2) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// A constant has 64 elements at most.
// CHECK-LABEL: func.func @gather_sum_reject_4(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<{{\[\[}}1.000000e+00], [2.000000e+00], [3.000000e+00], [4.000000e+00], [5.000000e+00], [6.000000e+00], [7.000000e+00], [8.000000e+00], [9.000000e+00]]> : tensor<9x1xf32>}
// CHECK-NEXT: %[[B:.*]] = "graph.add"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.constant"() {value = dense<{{\[\[}}1.000000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00, 5.000000e+00, 6.000000e+00, 7.000000e+00, 8.000000e+00, 9.000000e+00]]> : tensor<1x9xf32>}
// CHECK-NEXT: %[[D:.*]] = "graph.add"(%[[B]], %[[C]])
// CHECK-NEXT: return %[[D]]
func.func @gather_sum_reject_4(%arg0: tensor<9x9xf32>) -> tensor<9x9xf32> {
  %0 = "graph.constant"() {value = dense<[[1.000000e+00], [2.000000e+00], [3.000000e+00], [4.000000e+00], [5.000000e+00], [6.000000e+00], [7.000000e+00], [8.000000e+00], [9.000000e+00]]> : tensor<9x1xf32>} : () -> tensor<9x1xf32>
  %1 = "graph.add"(%arg0, %0) : (tensor<9x9xf32>, tensor<9x1xf32>) -> tensor<9x9xf32>
  %2 = "graph.constant"() {value = dense<[[1.000000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00, 5.000000e+00, 6.000000e+00, 7.000000e+00, 8.000000e+00, 9.000000e+00]]> : tensor<1x9xf32>} : () -> tensor<1x9xf32>
  %3 = "graph.add"(%1, %2) : (tensor<9x9xf32>, tensor<1x9xf32>) -> tensor<9x9xf32>
  return %3 : tensor<9x9xf32>
}

// (x * c) * d -> x * (c * d) for constants and weights; of floats also with div.
// CHECK-LABEL: func.func @gather_product(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<4.500000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @gather_product(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<1.500000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.mul"(%1, %2) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @gather_product_2(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<5.000000e-01> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.div"(%[[A]], %arg0)
// CHECK-NEXT: return %[[B]]
func.func @gather_product_2(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<1.500000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %2 = "graph.mul"(%arg0, %1) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %3 = "graph.div"(%0, %2) : (tensor<f32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @gather_product_3(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<44> : tensor<i8>}
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @gather_product_3(%arg0: tensor<4xi8>) -> tensor<4xi8> {
  %0 = "graph.constant"() {value = dense<100> : tensor<i8>} : () -> tensor<i8>
  %1 = "graph.mul"(%arg0, %0) : (tensor<4xi8>, tensor<i8>) -> tensor<4xi8>
  %2 = "graph.constant"() {value = dense<3> : tensor<i8>} : () -> tensor<i8>
  %3 = "graph.mul"(%1, %2) : (tensor<4xi8>, tensor<i8>) -> tensor<4xi8>
  return %3 : tensor<4xi8>
}

// CHECK-LABEL: func.func @gather_product_4(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg1, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.mul"(%arg0, %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @gather_product_4(%arg0: tensor<2x3xf32>, %arg1: tensor<3xf32> {aicc.weight = "w"}) -> tensor<2x3xf32> {
  %0 = "graph.mul"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %1 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %2 = "graph.mul"(%0, %1) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// The constants underflow.
// CHECK-LABEL: func.func @gather_product_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1.000000e-30> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.constant"() {value = dense<1.000000e-30> : tensor<f32>}
// CHECK-NEXT: %[[D:.*]] = "graph.mul"(%[[B]], %[[C]])
// CHECK-NEXT: return %[[D]]
func.func @gather_product_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<1.000000e-30> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.constant"() {value = dense<1.000000e-30> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.mul"(%1, %2) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}

// Integer division truncates.
// CHECK-LABEL: func.func @gather_product_reject_2(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<7> : tensor<i8>}
// CHECK-NEXT: %[[B:.*]] = "graph.div"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.constant"() {value = dense<7> : tensor<i8>}
// CHECK-NEXT: %[[D:.*]] = "graph.mul"(%[[B]], %[[C]])
// CHECK-NEXT: return %[[D]]
func.func @gather_product_reject_2(%arg0: tensor<4xi8>) -> tensor<4xi8> {
  %0 = "graph.constant"() {value = dense<7> : tensor<i8>} : () -> tensor<i8>
  %1 = "graph.div"(%arg0, %0) : (tensor<4xi8>, tensor<i8>) -> tensor<4xi8>
  %2 = "graph.constant"() {value = dense<7> : tensor<i8>} : () -> tensor<i8>
  %3 = "graph.mul"(%1, %2) : (tensor<4xi8>, tensor<i8>) -> tensor<4xi8>
  return %3 : tensor<4xi8>
}
