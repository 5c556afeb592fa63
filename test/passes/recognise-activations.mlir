// RUN: aicc-opt %s --recognise-activations | filecheck %s
// RUN: aicc-opt %s --recognise-activations > %t.once
// RUN: aicc-opt %t.once --recognise-activations > %t.twice
// RUN: diff %t.once %t.twice

// CHECK-LABEL: func.func @gelu(
// CHECK-NEXT: %[[Y:.*]] = "graph.gelu"(%arg0) {approximate = "none"}
// CHECK-NEXT: return %[[Y]]
func.func @gelu(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %0 = "graph.constant"() {value = dense<1.41421354> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.div"(%x, %0) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %2 = "graph.erf"(%1) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %3 = "graph.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %4 = "graph.add"(%2, %3) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %5 = "graph.mul"(%x, %4) : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %6 = "graph.constant"() {value = dense<5.0e-01> : tensor<f32>} : () -> tensor<f32>
  %7 = "graph.mul"(%5, %6) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  return %7 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @gelu_other_order(
// CHECK-NEXT: "graph.gelu"(%arg0) {approximate = "none"}
func.func @gelu_other_order(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %0 = "graph.constant"() {value = dense<0.707106769> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%x, %0) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %2 = "graph.erf"(%1) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %3 = "graph.constant"() {value = dense<5.0e-01> : tensor<f32>} : () -> tensor<f32>
  %4 = "graph.mul"(%3, %2) : (tensor<f32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %5 = "graph.add"(%4, %3) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %6 = "graph.mul"(%5, %x) : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %6 : tensor<2x8xf32>
}

// Constants have the precision of their type.
// CHECK-LABEL: func.func @gelu_f16(
// CHECK-NEXT: "graph.gelu"(%arg0) {approximate = "none"}
func.func @gelu_f16(%x: tensor<8xf16>) -> tensor<8xf16> {
  %0 = "graph.constant"() {value = dense<1.414060e+00> : tensor<f16>} : () -> tensor<f16>
  %1 = "graph.div"(%x, %0) : (tensor<8xf16>, tensor<f16>) -> tensor<8xf16>
  %2 = "graph.erf"(%1) : (tensor<8xf16>) -> tensor<8xf16>
  %3 = "graph.constant"() {value = dense<1.0> : tensor<f16>} : () -> tensor<f16>
  %4 = "graph.add"(%2, %3) : (tensor<8xf16>, tensor<f16>) -> tensor<8xf16>
  %5 = "graph.mul"(%x, %4) : (tensor<8xf16>, tensor<8xf16>) -> tensor<8xf16>
  %6 = "graph.constant"() {value = dense<5.0e-01> : tensor<f16>} : () -> tensor<f16>
  %7 = "graph.mul"(%5, %6) : (tensor<8xf16>, tensor<f16>) -> tensor<8xf16>
  return %7 : tensor<8xf16>
}

// CHECK-LABEL: func.func @gelu_tanh(
// CHECK-NEXT: "graph.gelu"(%arg0) {approximate = "tanh"}
func.func @gelu_tanh(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %0 = "graph.mul"(%x, %x) : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %1 = "graph.mul"(%0, %x) : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %2 = "graph.constant"() {value = dense<4.471500e-02> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.mul"(%1, %2) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %4 = "graph.add"(%x, %3) : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %5 = "graph.constant"() {value = dense<0.797884583> : tensor<f32>} : () -> tensor<f32>
  %6 = "graph.mul"(%4, %5) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %7 = "graph.tanh"(%6) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %8 = "graph.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %9 = "graph.add"(%7, %8) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %10 = "graph.constant"() {value = dense<5.0e-01> : tensor<f32>} : () -> tensor<f32>
  %11 = "graph.mul"(%x, %10) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %12 = "graph.mul"(%11, %9) : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %12 : tensor<2x8xf32>
}

// erf(x / 2) is another function.
// CHECK-LABEL: func.func @gelu_wrong_constant(
// CHECK: "graph.erf"
// CHECK-NOT: "graph.gelu"
func.func @gelu_wrong_constant(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %0 = "graph.constant"() {value = dense<2.0> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.div"(%x, %0) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %2 = "graph.erf"(%1) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %3 = "graph.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %4 = "graph.add"(%2, %3) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %5 = "graph.mul"(%x, %4) : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %6 = "graph.constant"() {value = dense<5.0e-01> : tensor<f32>} : () -> tensor<f32>
  %7 = "graph.mul"(%5, %6) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  return %7 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @gelu_of_two_values(
// CHECK: "graph.erf"
// CHECK-NOT: "graph.gelu"
func.func @gelu_of_two_values(%x: tensor<2x8xf32>, %z: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %0 = "graph.constant"() {value = dense<1.41421354> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.div"(%x, %0) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %2 = "graph.erf"(%1) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %3 = "graph.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %4 = "graph.add"(%2, %3) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %5 = "graph.mul"(%z, %4) : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %6 = "graph.constant"() {value = dense<5.0e-01> : tensor<f32>} : () -> tensor<f32>
  %7 = "graph.mul"(%5, %6) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  return %7 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @hard_sigmoid(
// CHECK-NEXT: "graph.hard_sigmoid"(%arg0) {alpha = 2.500000e-01 : f64, beta = 5.000000e-01 : f64}
func.func @hard_sigmoid(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %0 = "graph.constant"() {value = dense<2.5e-01> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%x, %0) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %2 = "graph.constant"() {value = dense<5.0e-01> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.add"(%1, %2) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %4 = "graph.constant"() {value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
  %5 = "graph.maximum"(%3, %4) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %6 = "graph.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %7 = "graph.minimum"(%5, %6) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  return %7 : tensor<2x8xf32>
}

// ReLU6, and a clip to [0, 1] without slope and offset.
// CHECK-LABEL: func.func @plain_clip(
// CHECK: "graph.maximum"
// CHECK: "graph.minimum"
// CHECK-NOT: "graph.hard_sigmoid"
func.func @plain_clip(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %0 = "graph.constant"() {value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.maximum"(%x, %0) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %2 = "graph.constant"() {value = dense<6.0> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.minimum"(%1, %2) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  return %3 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @clip_to_one(
// CHECK: "graph.maximum"
// CHECK: "graph.minimum"
// CHECK-NOT: "graph.hard_sigmoid"
func.func @clip_to_one(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %0 = "graph.constant"() {value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.maximum"(%x, %0) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %2 = "graph.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.minimum"(%1, %2) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  return %3 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @hard_swish(
// CHECK-NEXT: "graph.hard_swish"(%arg0)
func.func @hard_swish(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %0 = "graph.constant"() {value = dense<3.0> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.add"(%x, %0) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %2 = "graph.constant"() {value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.maximum"(%1, %2) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %4 = "graph.constant"() {value = dense<6.0> : tensor<f32>} : () -> tensor<f32>
  %5 = "graph.minimum"(%3, %4) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %6 = "graph.mul"(%x, %5) : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %7 = "graph.div"(%6, %4) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  return %7 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @hard_swish_of_hard_sigmoid(
// CHECK-NEXT: "graph.hard_swish"(%arg0)
func.func @hard_swish_of_hard_sigmoid(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %0 = "graph.hard_sigmoid"(%x) {alpha = 0.16666666666666666 : f64, beta = 0.5 : f64} : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %1 = "graph.mul"(%0, %x) : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %1 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @hard_swish_wrong_slope(
// CHECK: "graph.hard_sigmoid"
// CHECK-NOT: "graph.hard_swish"
func.func @hard_swish_wrong_slope(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %0 = "graph.hard_sigmoid"(%x) {alpha = 0.2 : f64, beta = 0.5 : f64} : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %1 = "graph.mul"(%0, %x) : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %1 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @sigmoid(
// CHECK-NEXT: "graph.sigmoid"(%arg0)
func.func @sigmoid(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %0 = "graph.neg"(%x) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %1 = "graph.exp"(%0) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %2 = "graph.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.add"(%1, %2) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %4 = "graph.reciprocal"(%3) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  return %4 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @sigmoid_of_growth(
// CHECK-NEXT: "graph.sigmoid"(%arg0)
func.func @sigmoid_of_growth(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %0 = "graph.exp"(%x) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %1 = "graph.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %2 = "graph.add"(%0, %1) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %3 = "graph.div"(%0, %2) : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %3 : tensor<2x8xf32>
}

// 2 + exp(-x).
// CHECK-LABEL: func.func @no_sigmoid(
// CHECK: "graph.exp"
// CHECK-NOT: "graph.sigmoid"
func.func @no_sigmoid(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %0 = "graph.neg"(%x) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %1 = "graph.exp"(%0) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %2 = "graph.constant"() {value = dense<2.0> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.add"(%1, %2) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %4 = "graph.reciprocal"(%3) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  return %4 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @tanh(
// CHECK-NEXT: "graph.tanh"(%arg0)
func.func @tanh(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %0 = "graph.constant"() {value = dense<2.0> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%x, %0) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %2 = "graph.exp"(%1) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %3 = "graph.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %4 = "graph.sub"(%2, %3) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %5 = "graph.add"(%2, %3) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %6 = "graph.div"(%4, %5) : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %6 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @no_tanh(
// CHECK: "graph.exp"
// CHECK-NOT: "graph.tanh"
func.func @no_tanh(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %0 = "graph.constant"() {value = dense<3.0> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%x, %0) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %2 = "graph.exp"(%1) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %3 = "graph.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %4 = "graph.sub"(%2, %3) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %5 = "graph.add"(%2, %3) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %6 = "graph.div"(%4, %5) : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %6 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @softplus_and_mish(
// CHECK-NEXT: "graph.mish"(%arg0)
func.func @softplus_and_mish(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %0 = "graph.exp"(%x) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %1 = "graph.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %2 = "graph.add"(%1, %0) : (tensor<f32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %3 = "graph.log"(%2) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %4 = "graph.tanh"(%3) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %5 = "graph.mul"(%x, %4) : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %5 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @softplus_threshold(
// CHECK-NEXT: "graph.softplus"(%arg0)
// CHECK-NEXT: return
func.func @softplus_threshold(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %0 = "graph.softplus"(%x) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %1 = "graph.constant"() {value = dense<2.0e+01> : tensor<f32>} : () -> tensor<f32>
  %2 = "graph.greater"(%x, %1) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xi1>
  %3 = "graph.where"(%2, %x, %0) : (tensor<2x8xi1>, tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %3 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @softplus_low_threshold(
// CHECK: "graph.where"
func.func @softplus_low_threshold(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %0 = "graph.softplus"(%x) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %1 = "graph.constant"() {value = dense<2.0> : tensor<f32>} : () -> tensor<f32>
  %2 = "graph.greater"(%x, %1) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xi1>
  %3 = "graph.where"(%2, %x, %0) : (tensor<2x8xi1>, tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %3 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @leaky_relu(
// CHECK-NEXT: "graph.leaky_relu"(%arg0) {alpha = 1.250000e-01 : f64}
func.func @leaky_relu(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %0 = "graph.constant"() {value = dense<1.25e-01> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%x, %0) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %2 = "graph.maximum"(%x, %1) : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %2 : tensor<2x8xf32>
}

// max(x, 2 x) is 2 x for x > 0.
// CHECK-LABEL: func.func @steep_maximum(
// CHECK: "graph.maximum"
// CHECK-NOT: "graph.leaky_relu"
func.func @steep_maximum(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %0 = "graph.constant"() {value = dense<2.0> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%x, %0) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %2 = "graph.maximum"(%x, %1) : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %2 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @leaky_relu_by_sign(
// CHECK-NEXT: "graph.leaky_relu"(%arg0) {alpha = 2.000000e+00 : f64}
func.func @leaky_relu_by_sign(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %0 = "graph.constant"() {value = dense<2.0> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%x, %0) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %2 = "graph.constant"() {value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.less"(%x, %2) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xi1>
  %4 = "graph.where"(%3, %1, %x) : (tensor<2x8xi1>, tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %4 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @elu(
// CHECK-NEXT: "graph.elu"(%arg0) {alpha = 2.000000e+00 : f64}
func.func @elu(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %0 = "graph.exp"(%x) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %1 = "graph.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %2 = "graph.sub"(%0, %1) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %3 = "graph.constant"() {value = dense<2.0> : tensor<f32>} : () -> tensor<f32>
  %4 = "graph.mul"(%2, %3) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %5 = "graph.constant"() {value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
  %6 = "graph.greater"(%x, %5) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xi1>
  %7 = "graph.where"(%6, %x, %4) : (tensor<2x8xi1>, tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %7 : tensor<2x8xf32>
}

// exp(x) - 2.
// CHECK-LABEL: func.func @no_elu(
// CHECK: "graph.where"
// CHECK-NOT: "graph.elu"
func.func @no_elu(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %0 = "graph.exp"(%x) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %1 = "graph.constant"() {value = dense<2.0> : tensor<f32>} : () -> tensor<f32>
  %2 = "graph.sub"(%0, %1) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %3 = "graph.constant"() {value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
  %4 = "graph.greater"(%x, %3) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xi1>
  %5 = "graph.where"(%4, %x, %2) : (tensor<2x8xi1>, tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %5 : tensor<2x8xf32>
}
