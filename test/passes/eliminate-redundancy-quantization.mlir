// RUN: aicc-opt %s --eliminate-redundancy | filecheck %s
// RUN: aicc-opt %s --eliminate-redundancy > %t.once
// RUN: aicc-opt %t.once --eliminate-redundancy > %t.twice
// RUN: diff %t.once %t.twice

// CHECK-LABEL: func.func @requantized(
// CHECK-NEXT: %[[A:.*]] = "graph.cast"(%arg0) {to = f32}
// CHECK-NEXT: %[[B:.*]] = "graph.abs"(%[[A]])
// CHECK-NEXT: return %[[B]]
func.func @requantized(%x: tensor<32x32xui8>) -> tensor<32x32xf32> {
  %0 = "graph.cast"(%x) {to = i32} : (tensor<32x32xui8>) -> tensor<32x32xi32>
  %1 = "graph.constant"() {value = dense<3> : tensor<i32>} : () -> tensor<i32>
  %2 = "graph.sub"(%0, %1) : (tensor<32x32xi32>, tensor<i32>) -> tensor<32x32xi32>
  %3 = "graph.cast"(%2) {to = f32} : (tensor<32x32xi32>) -> tensor<32x32xf32>
  %4 = "graph.constant"() {value = dense<1.000000e-01> : tensor<f32>} : () -> tensor<f32>
  %5 = "graph.mul"(%3, %4) : (tensor<32x32xf32>, tensor<f32>) -> tensor<32x32xf32>
  %6 = "graph.constant"() {value = dense<1.000000e-01> : tensor<f32>} : () -> tensor<f32>
  %7 = "graph.div"(%5, %6) : (tensor<32x32xf32>, tensor<f32>) -> tensor<32x32xf32>
  %8 = "graph.round"(%7) : (tensor<32x32xf32>) -> tensor<32x32xf32>
  %9 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %10 = "graph.add"(%8, %9) : (tensor<32x32xf32>, tensor<f32>) -> tensor<32x32xf32>
  %11 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %12 = "graph.maximum"(%10, %11) : (tensor<32x32xf32>, tensor<f32>) -> tensor<32x32xf32>
  %13 = "graph.constant"() {value = dense<2.550000e+02> : tensor<f32>} : () -> tensor<f32>
  %14 = "graph.minimum"(%12, %13) : (tensor<32x32xf32>, tensor<f32>) -> tensor<32x32xf32>
  %15 = "graph.cast"(%14) {to = ui8} : (tensor<32x32xf32>) -> tensor<32x32xui8>
  %16 = "graph.cast"(%15) {to = f32} : (tensor<32x32xui8>) -> tensor<32x32xf32>
  %17 = "graph.abs"(%16) : (tensor<32x32xf32>) -> tensor<32x32xf32>
  return %17 : tensor<32x32xf32>
}

// CHECK-LABEL: func.func @requantized_without_zero_point(
// CHECK-NEXT: %[[A:.*]] = "graph.neg"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @requantized_without_zero_point(%x: tensor<32x32xi8>) -> tensor<32x32xi8> {
  %0 = "graph.cast"(%x) {to = i32} : (tensor<32x32xi8>) -> tensor<32x32xi32>
  %1 = "graph.cast"(%0) {to = f32} : (tensor<32x32xi32>) -> tensor<32x32xf32>
  %2 = "graph.constant"() {value = dense<3.700000e-01> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.mul"(%1, %2) : (tensor<32x32xf32>, tensor<f32>) -> tensor<32x32xf32>
  %4 = "graph.constant"() {value = dense<3.700000e-01> : tensor<f32>} : () -> tensor<f32>
  %5 = "graph.div"(%3, %4) : (tensor<32x32xf32>, tensor<f32>) -> tensor<32x32xf32>
  %6 = "graph.round"(%5) : (tensor<32x32xf32>) -> tensor<32x32xf32>
  %7 = "graph.constant"() {value = dense<-1.280000e+02> : tensor<f32>} : () -> tensor<f32>
  %8 = "graph.maximum"(%6, %7) : (tensor<32x32xf32>, tensor<f32>) -> tensor<32x32xf32>
  %9 = "graph.constant"() {value = dense<1.270000e+02> : tensor<f32>} : () -> tensor<f32>
  %10 = "graph.minimum"(%8, %9) : (tensor<32x32xf32>, tensor<f32>) -> tensor<32x32xf32>
  %11 = "graph.cast"(%10) {to = i8} : (tensor<32x32xf32>) -> tensor<32x32xi8>
  %12 = "graph.neg"(%11) : (tensor<32x32xi8>) -> tensor<32x32xi8>
  return %12 : tensor<32x32xi8>
}

// CHECK-LABEL: func.func @another_scale(
// CHECK: "graph.round"
func.func @another_scale(%x: tensor<32x32xui8>) -> tensor<32x32xui8> {
  %0 = "graph.cast"(%x) {to = i32} : (tensor<32x32xui8>) -> tensor<32x32xi32>
  %1 = "graph.constant"() {value = dense<3> : tensor<i32>} : () -> tensor<i32>
  %2 = "graph.sub"(%0, %1) : (tensor<32x32xi32>, tensor<i32>) -> tensor<32x32xi32>
  %3 = "graph.cast"(%2) {to = f32} : (tensor<32x32xi32>) -> tensor<32x32xf32>
  %4 = "graph.constant"() {value = dense<1.000000e-01> : tensor<f32>} : () -> tensor<f32>
  %5 = "graph.mul"(%3, %4) : (tensor<32x32xf32>, tensor<f32>) -> tensor<32x32xf32>
  %6 = "graph.constant"() {value = dense<2.000000e-01> : tensor<f32>} : () -> tensor<f32>
  %7 = "graph.div"(%5, %6) : (tensor<32x32xf32>, tensor<f32>) -> tensor<32x32xf32>
  %8 = "graph.round"(%7) : (tensor<32x32xf32>) -> tensor<32x32xf32>
  %9 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %10 = "graph.add"(%8, %9) : (tensor<32x32xf32>, tensor<f32>) -> tensor<32x32xf32>
  %11 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %12 = "graph.maximum"(%10, %11) : (tensor<32x32xf32>, tensor<f32>) -> tensor<32x32xf32>
  %13 = "graph.constant"() {value = dense<2.550000e+02> : tensor<f32>} : () -> tensor<f32>
  %14 = "graph.minimum"(%12, %13) : (tensor<32x32xf32>, tensor<f32>) -> tensor<32x32xf32>
  %15 = "graph.cast"(%14) {to = ui8} : (tensor<32x32xf32>) -> tensor<32x32xui8>
  return %15 : tensor<32x32xui8>
}

// CHECK-LABEL: func.func @another_zero_point(
// CHECK: "graph.round"
func.func @another_zero_point(%x: tensor<32x32xui8>) -> tensor<32x32xui8> {
  %0 = "graph.cast"(%x) {to = i32} : (tensor<32x32xui8>) -> tensor<32x32xi32>
  %1 = "graph.constant"() {value = dense<3> : tensor<i32>} : () -> tensor<i32>
  %2 = "graph.sub"(%0, %1) : (tensor<32x32xi32>, tensor<i32>) -> tensor<32x32xi32>
  %3 = "graph.cast"(%2) {to = f32} : (tensor<32x32xi32>) -> tensor<32x32xf32>
  %4 = "graph.constant"() {value = dense<1.000000e-01> : tensor<f32>} : () -> tensor<f32>
  %5 = "graph.mul"(%3, %4) : (tensor<32x32xf32>, tensor<f32>) -> tensor<32x32xf32>
  %6 = "graph.constant"() {value = dense<1.000000e-01> : tensor<f32>} : () -> tensor<f32>
  %7 = "graph.div"(%5, %6) : (tensor<32x32xf32>, tensor<f32>) -> tensor<32x32xf32>
  %8 = "graph.round"(%7) : (tensor<32x32xf32>) -> tensor<32x32xf32>
  %9 = "graph.constant"() {value = dense<4.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %10 = "graph.add"(%8, %9) : (tensor<32x32xf32>, tensor<f32>) -> tensor<32x32xf32>
  %11 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %12 = "graph.maximum"(%10, %11) : (tensor<32x32xf32>, tensor<f32>) -> tensor<32x32xf32>
  %13 = "graph.constant"() {value = dense<2.550000e+02> : tensor<f32>} : () -> tensor<f32>
  %14 = "graph.minimum"(%12, %13) : (tensor<32x32xf32>, tensor<f32>) -> tensor<32x32xf32>
  %15 = "graph.cast"(%14) {to = ui8} : (tensor<32x32xf32>) -> tensor<32x32xui8>
  return %15 : tensor<32x32xui8>
}

// CHECK-LABEL: func.func @another_type(
// CHECK: "graph.round"
func.func @another_type(%x: tensor<32x32xui8>) -> tensor<32x32xi8> {
  %0 = "graph.cast"(%x) {to = i32} : (tensor<32x32xui8>) -> tensor<32x32xi32>
  %1 = "graph.cast"(%0) {to = f32} : (tensor<32x32xi32>) -> tensor<32x32xf32>
  %2 = "graph.constant"() {value = dense<1.000000e-01> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.mul"(%1, %2) : (tensor<32x32xf32>, tensor<f32>) -> tensor<32x32xf32>
  %4 = "graph.constant"() {value = dense<1.000000e-01> : tensor<f32>} : () -> tensor<f32>
  %5 = "graph.div"(%3, %4) : (tensor<32x32xf32>, tensor<f32>) -> tensor<32x32xf32>
  %6 = "graph.round"(%5) : (tensor<32x32xf32>) -> tensor<32x32xf32>
  %7 = "graph.constant"() {value = dense<-1.280000e+02> : tensor<f32>} : () -> tensor<f32>
  %8 = "graph.maximum"(%6, %7) : (tensor<32x32xf32>, tensor<f32>) -> tensor<32x32xf32>
  %9 = "graph.constant"() {value = dense<1.270000e+02> : tensor<f32>} : () -> tensor<f32>
  %10 = "graph.minimum"(%8, %9) : (tensor<32x32xf32>, tensor<f32>) -> tensor<32x32xf32>
  %11 = "graph.cast"(%10) {to = i8} : (tensor<32x32xf32>) -> tensor<32x32xi8>
  return %11 : tensor<32x32xi8>
}

// The clip takes values away.
// CHECK-LABEL: func.func @narrower_clip(
// CHECK: "graph.round"
func.func @narrower_clip(%x: tensor<32x32xui8>) -> tensor<32x32xui8> {
  %0 = "graph.cast"(%x) {to = i32} : (tensor<32x32xui8>) -> tensor<32x32xi32>
  %1 = "graph.cast"(%0) {to = f32} : (tensor<32x32xi32>) -> tensor<32x32xf32>
  %2 = "graph.constant"() {value = dense<1.000000e-01> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.mul"(%1, %2) : (tensor<32x32xf32>, tensor<f32>) -> tensor<32x32xf32>
  %4 = "graph.constant"() {value = dense<1.000000e-01> : tensor<f32>} : () -> tensor<f32>
  %5 = "graph.div"(%3, %4) : (tensor<32x32xf32>, tensor<f32>) -> tensor<32x32xf32>
  %6 = "graph.round"(%5) : (tensor<32x32xf32>) -> tensor<32x32xf32>
  %7 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %8 = "graph.maximum"(%6, %7) : (tensor<32x32xf32>, tensor<f32>) -> tensor<32x32xf32>
  %9 = "graph.constant"() {value = dense<2.000000e+02> : tensor<f32>} : () -> tensor<f32>
  %10 = "graph.minimum"(%8, %9) : (tensor<32x32xf32>, tensor<f32>) -> tensor<32x32xf32>
  %11 = "graph.cast"(%10) {to = ui8} : (tensor<32x32xf32>) -> tensor<32x32xui8>
  return %11 : tensor<32x32xui8>
}

// The other way round rounds.
// CHECK-LABEL: func.func @dequantized(
// CHECK: "graph.round"
func.func @dequantized(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<1.000000e-01> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.div"(%x, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.round"(%1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %4 = "graph.add"(%2, %3) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %5 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %6 = "graph.maximum"(%4, %5) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %7 = "graph.constant"() {value = dense<2.550000e+02> : tensor<f32>} : () -> tensor<f32>
  %8 = "graph.minimum"(%6, %7) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %9 = "graph.cast"(%8) {to = ui8} : (tensor<2x3xf32>) -> tensor<2x3xui8>
  %10 = "graph.cast"(%9) {to = i32} : (tensor<2x3xui8>) -> tensor<2x3xi32>
  %11 = "graph.constant"() {value = dense<3> : tensor<i32>} : () -> tensor<i32>
  %12 = "graph.sub"(%10, %11) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  %13 = "graph.cast"(%12) {to = f32} : (tensor<2x3xi32>) -> tensor<2x3xf32>
  %14 = "graph.constant"() {value = dense<1.000000e-01> : tensor<f32>} : () -> tensor<f32>
  %15 = "graph.mul"(%13, %14) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %15 : tensor<2x3xf32>
}
