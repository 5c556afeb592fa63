// RUN: aicc-opt %s --simplify-algebra | filecheck %s
// RUN: aicc-opt %s --simplify-algebra > %t.once
// RUN: aicc-opt %t.once --simplify-algebra > %t.twice
// RUN: diff %t.once %t.twice

// x * c + x * d -> x * (c + d) for float constants of one sign; also x * c + x.
// CHECK-LABEL: func.func @gather_coefficients(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<4.500000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @gather_coefficients(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<1.500000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.mul"(%arg0, %2) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %4 = "graph.add"(%1, %3) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %4 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @gather_coefficients_2(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<4.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @gather_coefficients_2(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.add"(%arg0, %1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @gather_coefficients_3(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<4.500000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @gather_coefficients_3(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.constant"() {value = dense<-1.500000e+00> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.mul"(%arg0, %2) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %4 = "graph.sub"(%1, %3) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %4 : tensor<2x3xf32>
}

// inf * 3 + inf * -1 is NaN.
// CHECK-LABEL: func.func @gather_coefficients_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.sub"(%[[B]], %arg0)
// CHECK-NEXT: return %[[C]]
func.func @gather_coefficients_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.constant"() {value = dense<-1.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.mul"(%arg0, %2) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %4 = "graph.add"(%1, %3) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %4 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @gather_coefficients_reject_2(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<{{\[\[}}1.000000e+00], [2.000000e+00], [3.000000e+00], [4.000000e+00], [5.000000e+00], [6.000000e+00], [7.000000e+00], [8.000000e+00], [9.000000e+00]]> : tensor<9x1xf32>}
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.constant"() {value = dense<{{\[\[}}1.000000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00, 5.000000e+00, 6.000000e+00, 7.000000e+00, 8.000000e+00, 9.000000e+00]]> : tensor<1x9xf32>}
// CHECK-NEXT: %[[D:.*]] = "graph.mul"(%arg0, %[[C]])
// CHECK-NEXT: %[[E:.*]] = "graph.add"(%[[B]], %[[D]])
// CHECK-NEXT: return %[[E]]
func.func @gather_coefficients_reject_2(%arg0: tensor<9x9xf32>) -> tensor<9x9xf32> {
  %0 = "graph.constant"() {value = dense<[[1.000000e+00], [2.000000e+00], [3.000000e+00], [4.000000e+00], [5.000000e+00], [6.000000e+00], [7.000000e+00], [8.000000e+00], [9.000000e+00]]> : tensor<9x1xf32>} : () -> tensor<9x1xf32>
  %1 = "graph.mul"(%arg0, %0) : (tensor<9x9xf32>, tensor<9x1xf32>) -> tensor<9x9xf32>
  %2 = "graph.constant"() {value = dense<[[1.000000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00, 5.000000e+00, 6.000000e+00, 7.000000e+00, 8.000000e+00, 9.000000e+00]]> : tensor<1x9xf32>} : () -> tensor<1x9xf32>
  %3 = "graph.mul"(%arg0, %2) : (tensor<9x9xf32>, tensor<1x9xf32>) -> tensor<9x9xf32>
  %4 = "graph.add"(%1, %3) : (tensor<9x9xf32>, tensor<9x9xf32>) -> tensor<9x9xf32>
  return %4 : tensor<9x9xf32>
}

// x * y + x * z -> x * (y + z); also with sub.
// CHECK-LABEL: func.func @common_factor(
// CHECK-NEXT: %[[A:.*]] = "graph.add"(%arg1, %arg2)
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @common_factor(%arg0: tensor<2x3xi32>, %arg1: tensor<2x3xi32>, %arg2: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.mul"(%arg0, %arg1) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %1 = "graph.mul"(%arg2, %arg0) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %2 = "graph.add"(%0, %1) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %2 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @common_factor_2(
// CHECK-NEXT: %[[A:.*]] = "graph.sub"(%arg1, %arg2)
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @common_factor_2(%arg0: tensor<2x3xi32>, %arg1: tensor<2x3xi32>, %arg2: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.mul"(%arg0, %arg1) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %1 = "graph.mul"(%arg0, %arg2) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %2 = "graph.sub"(%0, %1) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %2 : tensor<2x3xi32>
}

// (x + y) ** 2 - (x + y) * z.
// CHECK-LABEL: func.func @common_factor_3(
// CHECK-NEXT: %[[A:.*]] = "graph.add"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.sub"(%[[A]], %arg2)
// CHECK-NEXT: %[[C:.*]] = "graph.mul"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @common_factor_3(%arg0: tensor<2x3xi32>, %arg1: tensor<2x3xi32>, %arg2: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.add"(%arg0, %arg1) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %1 = "graph.mul"(%0, %0) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %2 = "graph.mul"(%0, %arg2) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %3 = "graph.sub"(%1, %2) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %3 : tensor<2x3xi32>
}

// inf * 2 + inf * -1 is NaN.
// CHECK-LABEL: func.func @common_factor_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.mul"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %arg2)
// CHECK-NEXT: %[[C:.*]] = "graph.add"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @common_factor_reject(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>, %arg2: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.mul"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.mul"(%arg0, %arg2) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = "graph.add"(%0, %1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// The first product is needed anyway.
// CHECK-LABEL: func.func @common_factor_reject_2(
// CHECK-NEXT: %[[A:.*]] = "graph.mul"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %arg2)
// CHECK-NEXT: %[[C:.*]] = "graph.add"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[A]], %[[C]]
func.func @common_factor_reject_2(%arg0: tensor<2x3xi32>, %arg1: tensor<2x3xi32>, %arg2: tensor<2x3xi32>) -> (tensor<2x3xi32>, tensor<2x3xi32>) {
  %0 = "graph.mul"(%arg0, %arg1) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %1 = "graph.mul"(%arg0, %arg2) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %2 = "graph.add"(%0, %1) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %0, %2 : tensor<2x3xi32>, tensor<2x3xi32>
}

// x + x * y -> x * (y + 1) where y is smaller than x, or known before the run.
// CHECK-LABEL: func.func @factor_one(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1> : tensor<i32>}
// CHECK-NEXT: %[[B:.*]] = "graph.add"(%arg1, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.mul"(%arg0, %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @factor_one(%arg0: tensor<2x3xi32>, %arg1: tensor<3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.mul"(%arg0, %arg1) : (tensor<2x3xi32>, tensor<3xi32>) -> tensor<2x3xi32>
  %1 = "graph.add"(%arg0, %0) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @factor_one_2(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1> : tensor<i32>}
// CHECK-NEXT: %[[B:.*]] = "graph.sub"(%arg1, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.mul"(%arg0, %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @factor_one_2(%arg0: tensor<2x3xi32>, %arg1: tensor<3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.mul"(%arg1, %arg0) : (tensor<3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %1 = "graph.sub"(%0, %arg0) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// As many operations as before.
// CHECK-LABEL: func.func @factor_one_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.mul"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.add"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @factor_one_reject(%arg0: tensor<2x3xi32>, %arg1: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.mul"(%arg0, %arg1) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %1 = "graph.add"(%arg0, %0) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// (x * sqrt(y)) * (sqrt(y) * z) -> x * z * y, where no y is negative.
// CHECK-LABEL: func.func @product_of_roots(
// CHECK-NEXT: %[[A:.*]] = "graph.abs"(%arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %arg2)
// CHECK-NEXT: %[[C:.*]] = "graph.mul"(%[[B]], %[[A]])
// CHECK-NEXT: return %[[C]]
func.func @product_of_roots(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>, %arg2: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.abs"(%arg1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.sqrt"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = "graph.mul"(%arg0, %1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = "graph.mul"(%1, %arg2) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %4 = "graph.mul"(%2, %3) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %4 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @product_of_roots_2(
// CHECK-NEXT: %[[A:.*]] = "graph.exp"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @product_of_roots_2(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.exp"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.sqrt"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = "graph.mul"(%1, %1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// x may be negative.
// CHECK-LABEL: func.func @product_of_roots_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.sqrt"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%[[A]], %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @product_of_roots_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.sqrt"(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.mul"(%0, %0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// reduce_sum(x << k) -> reduce_sum(x) << k for one k; a right shift would lose carries.
// CHECK-LABEL: func.func @sum_of_shifted(
// CHECK-NEXT: %[[A:.*]] = "graph.reduce_sum"(%arg0) {axes = array<i64: 1>, keepdims = false}
// CHECK-NEXT: %[[B:.*]] = "graph.shift_left"(%[[A]], %arg1)
// CHECK-NEXT: return %[[B]]
func.func @sum_of_shifted(%arg0: tensor<2x3xi32>, %arg1: tensor<i32>) -> tensor<2xi32> {
  %0 = "graph.shift_left"(%arg0, %arg1) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  %1 = "graph.reduce_sum"(%0) {axes = array<i64: 1>, keepdims = false} : (tensor<2x3xi32>) -> tensor<2xi32>
  return %1 : tensor<2xi32>
}

// A right shift drops bits that could carry.
// CHECK-LABEL: func.func @sum_of_shifted_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.shift_right"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.reduce_sum"(%[[A]]) {axes = array<i64: 1>, keepdims = false}
// CHECK-NEXT: return %[[B]]
func.func @sum_of_shifted_reject(%arg0: tensor<2x3xi32>, %arg1: tensor<i32>) -> tensor<2xi32> {
  %0 = "graph.shift_right"(%arg0, %arg1) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  %1 = "graph.reduce_sum"(%0) {axes = array<i64: 1>, keepdims = false} : (tensor<2x3xi32>) -> tensor<2xi32>
  return %1 : tensor<2xi32>
}

// CHECK-LABEL: func.func @sum_of_shifted_reject_2(
// CHECK-NEXT: %[[A:.*]] = "graph.shift_left"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.reduce_sum"(%[[A]]) {axes = array<i64: 1>, keepdims = false}
// CHECK-NEXT: return %[[B]]
func.func @sum_of_shifted_reject_2(%arg0: tensor<2x3xi32>, %arg1: tensor<3xi32>) -> tensor<2xi32> {
  %0 = "graph.shift_left"(%arg0, %arg1) : (tensor<2x3xi32>, tensor<3xi32>) -> tensor<2x3xi32>
  %1 = "graph.reduce_sum"(%0) {axes = array<i64: 1>, keepdims = false} : (tensor<2x3xi32>) -> tensor<2xi32>
  return %1 : tensor<2xi32>
}

// reduce_sum(x * c) -> reduce_sum(x) * c for one constant c; of floats also reduce_mean.
// CHECK-LABEL: func.func @sum_of_scaled(
// CHECK-NEXT: %[[A:.*]] = "graph.reduce_sum"(%arg0) {axes = array<i64: 1>, keepdims = true}
// CHECK-NEXT: %[[B:.*]] = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[C:.*]] = "graph.mul"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @sum_of_scaled(%arg0: tensor<2x3xf32>) -> tensor<2x1xf32> {
  %0 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.reduce_sum"(%1) {axes = array<i64: 1>, keepdims = true} : (tensor<2x3xf32>) -> tensor<2x1xf32>
  return %2 : tensor<2x1xf32>
}

// CHECK-LABEL: func.func @sum_of_scaled_2(
// CHECK-NEXT: %[[A:.*]] = "graph.reduce_mean"(%arg0) {axes = array<i64: 0, 1>, keepdims = false}
// CHECK-NEXT: %[[B:.*]] = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[C:.*]] = "graph.mul"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @sum_of_scaled_2(%arg0: tensor<2x3xf32>) -> tensor<f32> {
  %0 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.reduce_mean"(%1) {axes = array<i64: 0, 1>, keepdims = false} : (tensor<2x3xf32>) -> tensor<f32>
  return %2 : tensor<f32>
}

// CHECK-LABEL: func.func @sum_of_scaled_3(
// CHECK-NEXT: %[[A:.*]] = "graph.reduce_sum"(%arg0) {axes = array<i64: 1>, keepdims = true}
// CHECK-NEXT: %[[B:.*]] = "graph.constant"() {value = dense<3> : tensor<i32>}
// CHECK-NEXT: %[[C:.*]] = "graph.mul"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @sum_of_scaled_3(%arg0: tensor<2x3xi32>) -> tensor<2x1xi32> {
  %0 = "graph.constant"() {value = dense<3> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.mul"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  %2 = "graph.reduce_sum"(%1) {axes = array<i64: 1>, keepdims = true} : (tensor<2x3xi32>) -> tensor<2x1xi32>
  return %2 : tensor<2x1xi32>
}

// The mean of integers truncates.
// CHECK-LABEL: func.func @sum_of_scaled_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<3> : tensor<i32>}
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.reduce_mean"(%[[B]]) {axes = array<i64: 1>, keepdims = true}
// CHECK-NEXT: return %[[C]]
func.func @sum_of_scaled_reject(%arg0: tensor<2x3xi32>) -> tensor<2x1xi32> {
  %0 = "graph.constant"() {value = dense<3> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.mul"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  %2 = "graph.reduce_mean"(%1) {axes = array<i64: 1>, keepdims = true} : (tensor<2x3xi32>) -> tensor<2x1xi32>
  return %2 : tensor<2x1xi32>
}

// CHECK-LABEL: func.func @sum_of_scaled_reject_2(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.reduce_max"(%[[B]]) {axes = array<i64: 1>, keepdims = true}
// CHECK-NEXT: return %[[C]]
func.func @sum_of_scaled_reject_2(%arg0: tensor<2x3xf32>) -> tensor<2x1xf32> {
  %0 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%arg0, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.reduce_max"(%1) {axes = array<i64: 1>, keepdims = true} : (tensor<2x3xf32>) -> tensor<2x1xf32>
  return %2 : tensor<2x1xf32>
}
