// RUN: aicc-opt %s --recognise-normalization | filecheck %s
// RUN: aicc-opt %s --recognise-normalization > %t.once
// RUN: aicc-opt %t.once --recognise-normalization > %t.twice
// RUN: diff %t.once %t.twice

// CHECK-LABEL: func.func @layer_norm(
// CHECK-NEXT: %[[Y:.*]] = "graph.layer_norm"(%arg0, %arg1, %arg2) {axis = 2 : i64, center = true, epsilon = {{9.99.*E-6|1.00.*e-05}} : f64
// CHECK-NEXT: return %[[Y]]
func.func @layer_norm(%x: tensor<2x70x96xf32>, %g: tensor<96xf32> {aicc.weight = "g"}, %b: tensor<96xf32> {aicc.weight = "b"}) -> tensor<2x70x96xf32> {
  %0 = "graph.reduce_mean"(%x) {axes = array<i64: 2>, keepdims = true} : (tensor<2x70x96xf32>) -> tensor<2x70x1xf32>
  %1 = "graph.sub"(%x, %0) : (tensor<2x70x96xf32>, tensor<2x70x1xf32>) -> tensor<2x70x96xf32>
  %2 = "graph.mul"(%1, %1) : (tensor<2x70x96xf32>, tensor<2x70x96xf32>) -> tensor<2x70x96xf32>
  %3 = "graph.reduce_mean"(%2) {axes = array<i64: 2>, keepdims = true} : (tensor<2x70x96xf32>) -> tensor<2x70x1xf32>
  %4 = "graph.constant"() {value = dense<1.0e-05> : tensor<f32>} : () -> tensor<f32>
  %5 = "graph.add"(%3, %4) : (tensor<2x70x1xf32>, tensor<f32>) -> tensor<2x70x1xf32>
  %6 = "graph.sqrt"(%5) : (tensor<2x70x1xf32>) -> tensor<2x70x1xf32>
  %7 = "graph.div"(%1, %6) : (tensor<2x70x96xf32>, tensor<2x70x1xf32>) -> tensor<2x70x96xf32>
  %8 = "graph.mul"(%7, %g) : (tensor<2x70x96xf32>, tensor<96xf32>) -> tensor<2x70x96xf32>
  %9 = "graph.add"(%8, %b) : (tensor<2x70x96xf32>, tensor<96xf32>) -> tensor<2x70x96xf32>
  return %9 : tensor<2x70x96xf32>
}

// The square as a power, a quotient as a product, no bias.
// CHECK-LABEL: func.func @layer_norm_by_reciprocal(
// CHECK-NEXT: "graph.layer_norm"(%arg0, %arg1)
// CHECK-NEXT: return
func.func @layer_norm_by_reciprocal(%x: tensor<2x70x96xf32>, %g: tensor<96xf32> {aicc.weight = "g"}) -> tensor<2x70x96xf32> {
  %0 = "graph.reduce_mean"(%x) {axes = array<i64: 2>, keepdims = true} : (tensor<2x70x96xf32>) -> tensor<2x70x1xf32>
  %1 = "graph.sub"(%x, %0) : (tensor<2x70x96xf32>, tensor<2x70x1xf32>) -> tensor<2x70x96xf32>
  %2 = "graph.constant"() {value = dense<2.0> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.pow"(%1, %2) : (tensor<2x70x96xf32>, tensor<f32>) -> tensor<2x70x96xf32>
  %4 = "graph.reduce_mean"(%3) {axes = array<i64: 2>, keepdims = true} : (tensor<2x70x96xf32>) -> tensor<2x70x1xf32>
  %5 = "graph.constant"() {value = dense<1.0e-05> : tensor<f32>} : () -> tensor<f32>
  %6 = "graph.add"(%4, %5) : (tensor<2x70x1xf32>, tensor<f32>) -> tensor<2x70x1xf32>
  %7 = "graph.sqrt"(%6) : (tensor<2x70x1xf32>) -> tensor<2x70x1xf32>
  %8 = "graph.reciprocal"(%7) : (tensor<2x70x1xf32>) -> tensor<2x70x1xf32>
  %9 = "graph.mul"(%8, %1) : (tensor<2x70x1xf32>, tensor<2x70x96xf32>) -> tensor<2x70x96xf32>
  %10 = "graph.mul"(%g, %9) : (tensor<96xf32>, tensor<2x70x96xf32>) -> tensor<2x70x96xf32>
  return %10 : tensor<2x70x96xf32>
}

// Scale and mean multiplied out.
// CHECK-LABEL: func.func @layer_norm_folded(
// CHECK: "graph.layer_norm"(%arg0, %arg1, %arg2)
// CHECK-NEXT: return
func.func @layer_norm_folded(%x: tensor<2x70x96xf32>, %g: tensor<96xf32> {aicc.weight = "g"}, %b: tensor<96xf32> {aicc.weight = "b"}) -> tensor<2x70x96xf32> {
  %0 = "graph.reduce_mean"(%x) {axes = array<i64: 2>, keepdims = true} : (tensor<2x70x96xf32>) -> tensor<2x70x1xf32>
  %1 = "graph.sub"(%x, %0) : (tensor<2x70x96xf32>, tensor<2x70x1xf32>) -> tensor<2x70x96xf32>
  %2 = "graph.mul"(%1, %1) : (tensor<2x70x96xf32>, tensor<2x70x96xf32>) -> tensor<2x70x96xf32>
  %3 = "graph.reduce_mean"(%2) {axes = array<i64: 2>, keepdims = true} : (tensor<2x70x96xf32>) -> tensor<2x70x1xf32>
  %4 = "graph.constant"() {value = dense<1.0e-05> : tensor<f32>} : () -> tensor<f32>
  %5 = "graph.add"(%3, %4) : (tensor<2x70x1xf32>, tensor<f32>) -> tensor<2x70x1xf32>
  %6 = "graph.rsqrt"(%5) : (tensor<2x70x1xf32>) -> tensor<2x70x1xf32>
  %7 = "graph.mul"(%6, %g) : (tensor<2x70x1xf32>, tensor<96xf32>) -> tensor<2x70x96xf32>
  %8 = "graph.mul"(%x, %7) : (tensor<2x70x96xf32>, tensor<2x70x96xf32>) -> tensor<2x70x96xf32>
  %9 = "graph.mul"(%0, %7) : (tensor<2x70x1xf32>, tensor<2x70x96xf32>) -> tensor<2x70x96xf32>
  %10 = "graph.sub"(%b, %9) : (tensor<96xf32>, tensor<2x70x96xf32>) -> tensor<2x70x96xf32>
  %11 = "graph.add"(%8, %10) : (tensor<2x70x96xf32>, tensor<2x70x96xf32>) -> tensor<2x70x96xf32>
  return %11 : tensor<2x70x96xf32>
}

// The variance as mean(x^2) - mean(x)^2.
// CHECK-LABEL: func.func @layer_norm_by_moments(
// CHECK: "graph.layer_norm"(%arg0,
// CHECK-NEXT: return
func.func @layer_norm_by_moments(%x: tensor<2x70x96xf32>) -> tensor<2x70x96xf32> {
  %0 = "graph.reduce_mean"(%x) {axes = array<i64: 2>, keepdims = true} : (tensor<2x70x96xf32>) -> tensor<2x70x1xf32>
  %1 = "graph.mul"(%x, %x) : (tensor<2x70x96xf32>, tensor<2x70x96xf32>) -> tensor<2x70x96xf32>
  %2 = "graph.reduce_mean"(%1) {axes = array<i64: 2>, keepdims = true} : (tensor<2x70x96xf32>) -> tensor<2x70x1xf32>
  %3 = "graph.mul"(%0, %0) : (tensor<2x70x1xf32>, tensor<2x70x1xf32>) -> tensor<2x70x1xf32>
  %4 = "graph.sub"(%2, %3) : (tensor<2x70x1xf32>, tensor<2x70x1xf32>) -> tensor<2x70x1xf32>
  %5 = "graph.sub"(%x, %0) : (tensor<2x70x96xf32>, tensor<2x70x1xf32>) -> tensor<2x70x96xf32>
  %6 = "graph.constant"() {value = dense<1.0e-05> : tensor<f32>} : () -> tensor<f32>
  %7 = "graph.add"(%4, %6) : (tensor<2x70x1xf32>, tensor<f32>) -> tensor<2x70x1xf32>
  %8 = "graph.sqrt"(%7) : (tensor<2x70x1xf32>) -> tensor<2x70x1xf32>
  %9 = "graph.div"(%5, %8) : (tensor<2x70x96xf32>, tensor<2x70x1xf32>) -> tensor<2x70x96xf32>
  return %9 : tensor<2x70x96xf32>
}

// CHECK-LABEL: func.func @rms_norm(
// CHECK-NEXT: "graph.layer_norm"(%arg0, %arg1) {axis = 2 : i64, center = false
// CHECK-NEXT: return
func.func @rms_norm(%x: tensor<2x70x96xf32>, %g: tensor<96xf32> {aicc.weight = "g"}) -> tensor<2x70x96xf32> {
  %0 = "graph.mul"(%x, %x) : (tensor<2x70x96xf32>, tensor<2x70x96xf32>) -> tensor<2x70x96xf32>
  %1 = "graph.reduce_mean"(%0) {axes = array<i64: 2>, keepdims = true} : (tensor<2x70x96xf32>) -> tensor<2x70x1xf32>
  %2 = "graph.constant"() {value = dense<1.0e-05> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.add"(%1, %2) : (tensor<2x70x1xf32>, tensor<f32>) -> tensor<2x70x1xf32>
  %4 = "graph.rsqrt"(%3) : (tensor<2x70x1xf32>) -> tensor<2x70x1xf32>
  %5 = "graph.mul"(%x, %4) : (tensor<2x70x96xf32>, tensor<2x70x1xf32>) -> tensor<2x70x96xf32>
  %6 = "graph.mul"(%5, %g) : (tensor<2x70x96xf32>, tensor<96xf32>) -> tensor<2x70x96xf32>
  return %6 : tensor<2x70x96xf32>
}

// 1 / sqrt(96).
// CHECK-LABEL: func.func @l2_norm(
// CHECK-NEXT: %[[C:.*]] = "graph.constant"() {value = dense<0.102062076> : tensor<1xf32>}
// CHECK-NEXT: "graph.layer_norm"(%arg0, %[[C]]) {axis = 2 : i64, center = false, epsilon = 0.000000e+00
// CHECK-NEXT: return
func.func @l2_norm(%x: tensor<2x70x96xf32>) -> tensor<2x70x96xf32> {
  %0 = "graph.mul"(%x, %x) : (tensor<2x70x96xf32>, tensor<2x70x96xf32>) -> tensor<2x70x96xf32>
  %1 = "graph.reduce_sum"(%0) {axes = array<i64: 2>, keepdims = true} : (tensor<2x70x96xf32>) -> tensor<2x70x1xf32>
  %2 = "graph.sqrt"(%1) : (tensor<2x70x1xf32>) -> tensor<2x70x1xf32>
  %3 = "graph.div"(%x, %2) : (tensor<2x70x96xf32>, tensor<2x70x1xf32>) -> tensor<2x70x96xf32>
  return %3 : tensor<2x70x96xf32>
}

// CHECK-LABEL: func.func @clipped_l2_norm(
// CHECK-NOT: "graph.layer_norm"
func.func @clipped_l2_norm(%x: tensor<2x70x96xf32>) -> tensor<2x70x96xf32> {
  %0 = "graph.mul"(%x, %x) : (tensor<2x70x96xf32>, tensor<2x70x96xf32>) -> tensor<2x70x96xf32>
  %1 = "graph.reduce_sum"(%0) {axes = array<i64: 2>, keepdims = true} : (tensor<2x70x96xf32>) -> tensor<2x70x1xf32>
  %2 = "graph.sqrt"(%1) : (tensor<2x70x1xf32>) -> tensor<2x70x1xf32>
  %3 = "graph.constant"() {value = dense<1.0e-12> : tensor<f32>} : () -> tensor<f32>
  %4 = "graph.maximum"(%2, %3) : (tensor<2x70x1xf32>, tensor<f32>) -> tensor<2x70x1xf32>
  %5 = "graph.div"(%x, %4) : (tensor<2x70x96xf32>, tensor<2x70x1xf32>) -> tensor<2x70x96xf32>
  return %5 : tensor<2x70x96xf32>
}

// CHECK-LABEL: func.func @instance_norm(
// CHECK-DAG: %[[G:.*]] = "graph.reshape"(%arg1) {shape = array<i64: 3>}
// CHECK-DAG: %[[B:.*]] = "graph.reshape"(%arg2) {shape = array<i64: 3>}
// CHECK: "graph.instance_norm"(%arg0, %[[G]], %[[B]])
// CHECK-NEXT: return
func.func @instance_norm(%x: tensor<2x3x7x7xf32>, %g: tensor<3x1x1xf32> {aicc.weight = "g"}, %b: tensor<3x1x1xf32> {aicc.weight = "b"}) -> tensor<2x3x7x7xf32> {
  %0 = "graph.reduce_mean"(%x) {axes = array<i64: 2, 3>, keepdims = true} : (tensor<2x3x7x7xf32>) -> tensor<2x3x1x1xf32>
  %1 = "graph.sub"(%x, %0) : (tensor<2x3x7x7xf32>, tensor<2x3x1x1xf32>) -> tensor<2x3x7x7xf32>
  %2 = "graph.mul"(%1, %1) : (tensor<2x3x7x7xf32>, tensor<2x3x7x7xf32>) -> tensor<2x3x7x7xf32>
  %3 = "graph.reduce_mean"(%2) {axes = array<i64: 2, 3>, keepdims = true} : (tensor<2x3x7x7xf32>) -> tensor<2x3x1x1xf32>
  %4 = "graph.constant"() {value = dense<1.0e-05> : tensor<f32>} : () -> tensor<f32>
  %5 = "graph.add"(%3, %4) : (tensor<2x3x1x1xf32>, tensor<f32>) -> tensor<2x3x1x1xf32>
  %6 = "graph.sqrt"(%5) : (tensor<2x3x1x1xf32>) -> tensor<2x3x1x1xf32>
  %7 = "graph.div"(%1, %6) : (tensor<2x3x7x7xf32>, tensor<2x3x1x1xf32>) -> tensor<2x3x7x7xf32>
  %8 = "graph.mul"(%7, %g) : (tensor<2x3x7x7xf32>, tensor<3x1x1xf32>) -> tensor<2x3x7x7xf32>
  %9 = "graph.add"(%8, %b) : (tensor<2x3x7x7xf32>, tensor<3x1x1xf32>) -> tensor<2x3x7x7xf32>
  return %9 : tensor<2x3x7x7xf32>
}

// Over the channels of NCHW.
// CHECK-LABEL: func.func @wrong_axis(
// CHECK-NOT: "graph.layer_norm"
func.func @wrong_axis(%x: tensor<2x70x96xf32>) -> tensor<2x70x96xf32> {
  %0 = "graph.reduce_mean"(%x) {axes = array<i64: 1>, keepdims = true} : (tensor<2x70x96xf32>) -> tensor<2x1x96xf32>
  %1 = "graph.sub"(%x, %0) : (tensor<2x70x96xf32>, tensor<2x1x96xf32>) -> tensor<2x70x96xf32>
  %2 = "graph.mul"(%1, %1) : (tensor<2x70x96xf32>, tensor<2x70x96xf32>) -> tensor<2x70x96xf32>
  %3 = "graph.reduce_mean"(%2) {axes = array<i64: 1>, keepdims = true} : (tensor<2x70x96xf32>) -> tensor<2x1x96xf32>
  %4 = "graph.constant"() {value = dense<1.0e-05> : tensor<f32>} : () -> tensor<f32>
  %5 = "graph.add"(%3, %4) : (tensor<2x1x96xf32>, tensor<f32>) -> tensor<2x1x96xf32>
  %6 = "graph.sqrt"(%5) : (tensor<2x1x96xf32>) -> tensor<2x1x96xf32>
  %7 = "graph.div"(%1, %6) : (tensor<2x70x96xf32>, tensor<2x1x96xf32>) -> tensor<2x70x96xf32>
  return %7 : tensor<2x70x96xf32>
}

// CHECK-LABEL: func.func @deviation_read_elsewhere(
// CHECK-NOT: "graph.layer_norm"
func.func @deviation_read_elsewhere(%x: tensor<2x70x96xf32>) -> (tensor<2x70x96xf32>, tensor<2x70x1xf32>) {
  %0 = "graph.reduce_mean"(%x) {axes = array<i64: 2>, keepdims = true} : (tensor<2x70x96xf32>) -> tensor<2x70x1xf32>
  %1 = "graph.sub"(%x, %0) : (tensor<2x70x96xf32>, tensor<2x70x1xf32>) -> tensor<2x70x96xf32>
  %2 = "graph.mul"(%1, %1) : (tensor<2x70x96xf32>, tensor<2x70x96xf32>) -> tensor<2x70x96xf32>
  %3 = "graph.reduce_mean"(%2) {axes = array<i64: 2>, keepdims = true} : (tensor<2x70x96xf32>) -> tensor<2x70x1xf32>
  %4 = "graph.constant"() {value = dense<1.0e-05> : tensor<f32>} : () -> tensor<f32>
  %5 = "graph.add"(%3, %4) : (tensor<2x70x1xf32>, tensor<f32>) -> tensor<2x70x1xf32>
  %6 = "graph.sqrt"(%5) : (tensor<2x70x1xf32>) -> tensor<2x70x1xf32>
  %7 = "graph.div"(%1, %6) : (tensor<2x70x96xf32>, tensor<2x70x1xf32>) -> tensor<2x70x96xf32>
  return %7, %6 : tensor<2x70x96xf32>, tensor<2x70x1xf32>
}

// A scale that is no weight stays outside.
// CHECK-LABEL: func.func @scale_is_computed(
// CHECK: "graph.layer_norm"(%arg0,
// CHECK: "graph.mul"
func.func @scale_is_computed(%x: tensor<2x70x96xf32>, %g: tensor<96xf32>) -> tensor<2x70x96xf32> {
  %0 = "graph.reduce_mean"(%x) {axes = array<i64: 2>, keepdims = true} : (tensor<2x70x96xf32>) -> tensor<2x70x1xf32>
  %1 = "graph.sub"(%x, %0) : (tensor<2x70x96xf32>, tensor<2x70x1xf32>) -> tensor<2x70x96xf32>
  %2 = "graph.mul"(%1, %1) : (tensor<2x70x96xf32>, tensor<2x70x96xf32>) -> tensor<2x70x96xf32>
  %3 = "graph.reduce_mean"(%2) {axes = array<i64: 2>, keepdims = true} : (tensor<2x70x96xf32>) -> tensor<2x70x1xf32>
  %4 = "graph.constant"() {value = dense<1.0e-05> : tensor<f32>} : () -> tensor<f32>
  %5 = "graph.add"(%3, %4) : (tensor<2x70x1xf32>, tensor<f32>) -> tensor<2x70x1xf32>
  %6 = "graph.sqrt"(%5) : (tensor<2x70x1xf32>) -> tensor<2x70x1xf32>
  %7 = "graph.div"(%1, %6) : (tensor<2x70x96xf32>, tensor<2x70x1xf32>) -> tensor<2x70x96xf32>
  %8 = "graph.mul"(%7, %g) : (tensor<2x70x96xf32>, tensor<96xf32>) -> tensor<2x70x96xf32>
  return %8 : tensor<2x70x96xf32>
}

// CHECK-LABEL: func.func @residual_is_no_bias(
// CHECK: "graph.layer_norm"(%arg0, %arg1)
// CHECK: "graph.add"
func.func @residual_is_no_bias(%x: tensor<2x70x96xf32>, %g: tensor<96xf32> {aicc.weight = "g"}, %z: tensor<2x70x96xf32>) -> tensor<2x70x96xf32> {
  %0 = "graph.reduce_mean"(%x) {axes = array<i64: 2>, keepdims = true} : (tensor<2x70x96xf32>) -> tensor<2x70x1xf32>
  %1 = "graph.sub"(%x, %0) : (tensor<2x70x96xf32>, tensor<2x70x1xf32>) -> tensor<2x70x96xf32>
  %2 = "graph.mul"(%1, %1) : (tensor<2x70x96xf32>, tensor<2x70x96xf32>) -> tensor<2x70x96xf32>
  %3 = "graph.reduce_mean"(%2) {axes = array<i64: 2>, keepdims = true} : (tensor<2x70x96xf32>) -> tensor<2x70x1xf32>
  %4 = "graph.constant"() {value = dense<1.0e-05> : tensor<f32>} : () -> tensor<f32>
  %5 = "graph.add"(%3, %4) : (tensor<2x70x1xf32>, tensor<f32>) -> tensor<2x70x1xf32>
  %6 = "graph.sqrt"(%5) : (tensor<2x70x1xf32>) -> tensor<2x70x1xf32>
  %7 = "graph.div"(%1, %6) : (tensor<2x70x96xf32>, tensor<2x70x1xf32>) -> tensor<2x70x96xf32>
  %8 = "graph.mul"(%7, %g) : (tensor<2x70x96xf32>, tensor<96xf32>) -> tensor<2x70x96xf32>
  %9 = "graph.add"(%8, %z) : (tensor<2x70x96xf32>, tensor<2x70x96xf32>) -> tensor<2x70x96xf32>
  return %9 : tensor<2x70x96xf32>
}

// CHECK-LABEL: func.func @softmax(
// CHECK-NEXT: "graph.softmax"(%arg0) {axis = 2 : i64, log = false}
// CHECK-NEXT: return
func.func @softmax(%x: tensor<2x70x96xf32>) -> tensor<2x70x96xf32> {
  %0 = "graph.reduce_max"(%x) {axes = array<i64: 2>, keepdims = true} : (tensor<2x70x96xf32>) -> tensor<2x70x1xf32>
  %1 = "graph.sub"(%x, %0) : (tensor<2x70x96xf32>, tensor<2x70x1xf32>) -> tensor<2x70x96xf32>
  %2 = "graph.exp"(%1) : (tensor<2x70x96xf32>) -> tensor<2x70x96xf32>
  %3 = "graph.reduce_sum"(%2) {axes = array<i64: 2>, keepdims = true} : (tensor<2x70x96xf32>) -> tensor<2x70x1xf32>
  %4 = "graph.div"(%2, %3) : (tensor<2x70x96xf32>, tensor<2x70x1xf32>) -> tensor<2x70x96xf32>
  return %4 : tensor<2x70x96xf32>
}

// CHECK-LABEL: func.func @softmax_unshifted(
// CHECK-NEXT: "graph.softmax"(%arg0) {axis = 1 : i64, log = false}
func.func @softmax_unshifted(%x: tensor<2x70x96xf32>) -> tensor<2x70x96xf32> {
  %0 = "graph.exp"(%x) : (tensor<2x70x96xf32>) -> tensor<2x70x96xf32>
  %1 = "graph.reduce_sum"(%0) {axes = array<i64: 1>, keepdims = true} : (tensor<2x70x96xf32>) -> tensor<2x1x96xf32>
  %2 = "graph.reciprocal"(%1) : (tensor<2x1x96xf32>) -> tensor<2x1x96xf32>
  %3 = "graph.mul"(%0, %2) : (tensor<2x70x96xf32>, tensor<2x1x96xf32>) -> tensor<2x70x96xf32>
  return %3 : tensor<2x70x96xf32>
}

// CHECK-LABEL: func.func @softmax_over_two_axes(
// CHECK-NOT: "graph.softmax"
func.func @softmax_over_two_axes(%x: tensor<2x70x96xf32>) -> tensor<2x70x96xf32> {
  %0 = "graph.exp"(%x) : (tensor<2x70x96xf32>) -> tensor<2x70x96xf32>
  %1 = "graph.reduce_sum"(%0) {axes = array<i64: 1, 2>, keepdims = true} : (tensor<2x70x96xf32>) -> tensor<2x1x1xf32>
  %2 = "graph.div"(%0, %1) : (tensor<2x70x96xf32>, tensor<2x1x1xf32>) -> tensor<2x70x96xf32>
  return %2 : tensor<2x70x96xf32>
}

// CHECK-LABEL: func.func @log_softmax(
// CHECK-NEXT: "graph.softmax"(%arg0) {axis = 2 : i64, log = true}
func.func @log_softmax(%x: tensor<2x70x96xf32>) -> tensor<2x70x96xf32> {
  %0 = "graph.reduce_max"(%x) {axes = array<i64: 2>, keepdims = true} : (tensor<2x70x96xf32>) -> tensor<2x70x1xf32>
  %1 = "graph.sub"(%x, %0) : (tensor<2x70x96xf32>, tensor<2x70x1xf32>) -> tensor<2x70x96xf32>
  %2 = "graph.exp"(%1) : (tensor<2x70x96xf32>) -> tensor<2x70x96xf32>
  %3 = "graph.reduce_sum"(%2) {axes = array<i64: 2>, keepdims = true} : (tensor<2x70x96xf32>) -> tensor<2x70x1xf32>
  %4 = "graph.log"(%3) : (tensor<2x70x1xf32>) -> tensor<2x70x1xf32>
  %5 = "graph.sub"(%1, %4) : (tensor<2x70x96xf32>, tensor<2x70x1xf32>) -> tensor<2x70x96xf32>
  return %5 : tensor<2x70x96xf32>
}

// CHECK-LABEL: func.func @log_softmax_by_norm(
// CHECK-NEXT: "graph.softmax"(%arg0) {axis = 2 : i64, log = true}
func.func @log_softmax_by_norm(%x: tensor<2x70x96xf32>) -> tensor<2x70x96xf32> {
  %0 = "graph.reduce_max"(%x) {axes = array<i64: 2>, keepdims = true} : (tensor<2x70x96xf32>) -> tensor<2x70x1xf32>
  %1 = "graph.sub"(%x, %0) : (tensor<2x70x96xf32>, tensor<2x70x1xf32>) -> tensor<2x70x96xf32>
  %2 = "graph.exp"(%1) : (tensor<2x70x96xf32>) -> tensor<2x70x96xf32>
  %3 = "graph.reduce_sum"(%2) {axes = array<i64: 2>, keepdims = true} : (tensor<2x70x96xf32>) -> tensor<2x70x1xf32>
  %4 = "graph.log"(%3) : (tensor<2x70x1xf32>) -> tensor<2x70x1xf32>
  %5 = "graph.add"(%0, %4) : (tensor<2x70x1xf32>, tensor<2x70x1xf32>) -> tensor<2x70x1xf32>
  %6 = "graph.sub"(%x, %5) : (tensor<2x70x96xf32>, tensor<2x70x1xf32>) -> tensor<2x70x96xf32>
  return %6 : tensor<2x70x96xf32>
}

// Any shift is fine, but it is not the maximum: it stays.
// CHECK-LABEL: func.func @other_maximum(
// CHECK: "graph.sub"
// CHECK: "graph.softmax"
func.func @other_maximum(%x: tensor<2x70x96xf32>, %z: tensor<2x70x1xf32>) -> tensor<2x70x96xf32> {
  %0 = "graph.sub"(%x, %z) : (tensor<2x70x96xf32>, tensor<2x70x1xf32>) -> tensor<2x70x96xf32>
  %1 = "graph.exp"(%0) : (tensor<2x70x96xf32>) -> tensor<2x70x96xf32>
  %2 = "graph.reduce_sum"(%1) {axes = array<i64: 2>, keepdims = true} : (tensor<2x70x96xf32>) -> tensor<2x70x1xf32>
  %3 = "graph.div"(%1, %2) : (tensor<2x70x96xf32>, tensor<2x70x1xf32>) -> tensor<2x70x96xf32>
  return %3 : tensor<2x70x96xf32>
}

// What is averaged is no square.
// CHECK-LABEL: func.func @mean_of_something(
// CHECK: "graph.reduce_mean"
// CHECK: "graph.mul"
func.func @mean_of_something(%x: tensor<2x70x96xf32>, %z: tensor<2x70x96xf32>) -> tensor<2x70x96xf32> {
  %0 = "graph.reduce_mean"(%z) {axes = array<i64: 2>, keepdims = true} : (tensor<2x70x96xf32>) -> tensor<2x70x1xf32>
  %1 = "graph.rsqrt"(%0) : (tensor<2x70x1xf32>) -> tensor<2x70x1xf32>
  %2 = "graph.mul"(%x, %1) : (tensor<2x70x96xf32>, tensor<2x70x1xf32>) -> tensor<2x70x96xf32>
  return %2 : tensor<2x70x96xf32>
}
