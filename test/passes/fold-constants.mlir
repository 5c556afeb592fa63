// RUN: aicc-opt %s --fold-constants | filecheck %s
// RUN: aicc-opt %s --fold-constants=max-elements=2 | filecheck %s --check-prefix=SMALL
// RUN: aicc-opt %s --fold-constants > %t.once
// RUN: aicc-opt %t.once --fold-constants > %t.twice
// RUN: diff %t.once %t.twice

// Chains fold at once; the steps in between disappear.
// CHECK-LABEL: func.func @shape_arithmetic
// CHECK-NEXT: %[[C:.*]] = "graph.constant"() {value = dense<[8, 12, 7]> : tensor<3xi64>}
// CHECK-NEXT: return %[[C]]
// SMALL-LABEL: func.func @shape_arithmetic
// SMALL: "graph.concat"
func.func @shape_arithmetic() -> tensor<3xi64> {
  %a = "graph.constant"() {value = dense<[2, 3]> : tensor<2xi64>} : () -> tensor<2xi64>
  %f = "graph.constant"() {value = dense<4> : tensor<i64>} : () -> tensor<i64>
  %b = "graph.constant"() {value = dense<7> : tensor<1xi64>} : () -> tensor<1xi64>
  %0 = "graph.mul"(%a, %f) : (tensor<2xi64>, tensor<i64>) -> tensor<2xi64>
  %1 = "graph.concat"(%0, %b) {axis = 0 : i64, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2xi64>, tensor<1xi64>) -> tensor<3xi64>
  return %1 : tensor<3xi64>
}

// CHECK-LABEL: func.func @floats
// CHECK-NEXT: "graph.constant"() {value = dense<[0x7F800000, 0x7FC00000, 2.000000e+00]> : tensor<3xf32>}
// CHECK-NEXT: return
func.func @floats() -> tensor<3xf32> {
  %a = "graph.constant"() {value = dense<[0x7F800000, 0x7FC00000, 4.0]> : tensor<3xf32>} : () -> tensor<3xf32>
  %0 = "graph.sqrt"(%a) : (tensor<3xf32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// Integers wrap around.
// CHECK-LABEL: func.func @overflow
// CHECK-NEXT: "graph.constant"() {value = dense<-128> : tensor<1xi8>}
// CHECK-NEXT: return
func.func @overflow() -> tensor<1xi8> {
  %a = "graph.constant"() {value = dense<127> : tensor<1xi8>} : () -> tensor<1xi8>
  %b = "graph.constant"() {value = dense<1> : tensor<1xi8>} : () -> tensor<1xi8>
  %0 = "graph.add"(%a, %b) : (tensor<1xi8>, tensor<1xi8>) -> tensor<1xi8>
  return %0 : tensor<1xi8>
}

// CHECK-LABEL: func.func @bools
// CHECK-NEXT: "graph.constant"() {value = dense<[true, false]> : tensor<2xi1>}
// CHECK-NEXT: return
func.func @bools() -> tensor<2xi1> {
  %a = "graph.constant"() {value = dense<[1, 5]> : tensor<2xui8>} : () -> tensor<2xui8>
  %b = "graph.constant"() {value = dense<3> : tensor<ui8>} : () -> tensor<ui8>
  %0 = "graph.less"(%a, %b) : (tensor<2xui8>, tensor<ui8>) -> tensor<2xi1>
  return %0 : tensor<2xi1>
}

// A division by zero is left to the run.
// CHECK-LABEL: func.func @division_by_zero
// CHECK: "graph.div"
func.func @division_by_zero() -> tensor<i32> {
  %a = "graph.constant"() {value = dense<1> : tensor<i32>} : () -> tensor<i32>
  %b = "graph.constant"() {value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %0 = "graph.div"(%a, %b) : (tensor<i32>, tensor<i32>) -> tensor<i32>
  return %0 : tensor<i32>
}

// No constant over the cap may appear.
// CHECK-LABEL: func.func @too_large
// CHECK: "graph.expand"
func.func @too_large() -> tensor<65xf32> {
  %a = "graph.constant"() {value = dense<1.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %0 = "graph.expand"(%a) {shape = array<i64: 65>} : (tensor<1xf32>) -> tensor<65xf32>
  return %0 : tensor<65xf32>
}

// A weight is not known here.
// CHECK-LABEL: func.func @weight
// CHECK: "graph.add"
func.func @weight(%w: tensor<2xf32> {aicc.weight = "w"}) -> tensor<2xf32> {
  %0 = "graph.add"(%w, %w) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// A negative power of an integer is its reciprocal, cut off.
// CHECK-LABEL: func.func @negative_power
// CHECK-NOT: "graph.pow"
// CHECK: value = dense<0> : tensor<1xi32>
func.func @negative_power() -> tensor<1xi32> {
  %a = "graph.constant"() {value = dense<2> : tensor<1xi32>} : () -> tensor<1xi32>
  %b = "graph.constant"() {value = dense<-1> : tensor<1xi32>} : () -> tensor<1xi32>
  %0 = "graph.pow"(%a, %b) : (tensor<1xi32>, tensor<1xi32>) -> tensor<1xi32>
  return %0 : tensor<1xi32>
}

// NaN has no integer value.
// CHECK-LABEL: func.func @cast_of_nan
// CHECK: "graph.cast"
func.func @cast_of_nan() -> tensor<i32> {
  %a = "graph.constant"() {value = dense<0x7FC00000> : tensor<f32>} : () -> tensor<f32>
  %0 = "graph.cast"(%a) {to = i32} : (tensor<f32>) -> tensor<i32>
  return %0 : tensor<i32>
}

// NaN and infinities as IEEE 754 has them.
// CHECK-LABEL: func.func @special_values
// CHECK-NEXT: "graph.constant"() {value = dense<[0x7FC00000, 0x7F800000, 0x7FC00000]> : tensor<3xf32>}
// CHECK-NEXT: return
func.func @special_values() -> tensor<3xf32> {
  %a = "graph.constant"() {value = dense<[0x7F800000, 0x7F800000, 0x7FC00000]> : tensor<3xf32>} : () -> tensor<3xf32>
  %b = "graph.constant"() {value = dense<[0xFF800000, 1.0, 1.0]> : tensor<3xf32>} : () -> tensor<3xf32>
  %0 = "graph.add"(%a, %b) : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  %1 = "graph.abs"(%0) : (tensor<3xf32>) -> tensor<3xf32>
  return %1 : tensor<3xf32>
}

// Tensors of one number throughout fold whatever their size: the number is expanded.
// CHECK-LABEL: func.func @uniform(
// CHECK-NEXT: %[[C:.*]] = "graph.constant"() {value = dense<5.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[E:.*]] = "graph.expand"(%[[C]]) {shape = array<i64: 30, 20>}
// CHECK-NEXT: return %[[E]]
func.func @uniform() -> tensor<30x20xf32> {
  %a = "graph.constant"() {value = dense<2.0> : tensor<f32>} : () -> tensor<f32>
  %b = "graph.constant"() {value = dense<3.0> : tensor<20xf32>} : () -> tensor<20xf32>
  %0 = "graph.expand"(%a) {shape = array<i64: 20, 30>} : (tensor<f32>) -> tensor<20x30xf32>
  %1 = "graph.transpose"(%0) {permutation = array<i64: 1, 0>} : (tensor<20x30xf32>) -> tensor<30x20xf32>
  %2 = "graph.add"(%1, %b) : (tensor<30x20xf32>, tensor<20xf32>) -> tensor<30x20xf32>
  return %2 : tensor<30x20xf32>
}

// CHECK-LABEL: func.func @uniform_extreme(
// CHECK-NEXT: %[[C:.*]] = "graph.constant"() {value = dense<2.000000e+00> : tensor<20xf32>}
// CHECK-NEXT: return %[[C]]
func.func @uniform_extreme() -> tensor<20xf32> {
  %a = "graph.constant"() {value = dense<2.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "graph.expand"(%a) {shape = array<i64: 20, 30>} : (tensor<f32>) -> tensor<20x30xf32>
  %1 = "graph.reduce_max"(%0) {axes = array<i64: 1>, keepdims = false} : (tensor<20x30xf32>) -> tensor<20xf32>
  return %1 : tensor<20xf32>
}

// Zeros of two signs are two numbers.
// CHECK-LABEL: func.func @not_uniform(
// CHECK: "graph.sqrt"
func.func @not_uniform() -> tensor<100x2xf32> {
  %a = "graph.constant"() {value = dense<[0.0, -0.0]> : tensor<2xf32>} : () -> tensor<2xf32>
  %0 = "graph.expand"(%a) {shape = array<i64: 100, 2>} : (tensor<2xf32>) -> tensor<100x2xf32>
  %1 = "graph.sqrt"(%0) : (tensor<100x2xf32>) -> tensor<100x2xf32>
  return %1 : tensor<100x2xf32>
}

// A result without elements is known, whatever the operands are.
// CHECK-LABEL: func.func @no_elements(
// CHECK-NEXT: %[[C:.*]] = "graph.constant"() {value = dense<> : tensor<0x3xf32>}
// CHECK-NEXT: return %[[C]]
func.func @no_elements(%x: tensor<0x3xf32>, %y: tensor<3xf32>) -> tensor<0x3xf32> {
  %0 = "graph.exp"(%x) : (tensor<0x3xf32>) -> tensor<0x3xf32>
  %1 = "graph.add"(%0, %y) : (tensor<0x3xf32>, tensor<3xf32>) -> tensor<0x3xf32>
  return %1 : tensor<0x3xf32>
}

// The op orders zeros by their sign, numpy does not.
// CHECK-LABEL: func.func @both_zeros(
// CHECK: "graph.maximum"
func.func @both_zeros() -> tensor<2xf32> {
  %a = "graph.constant"() {value = dense<[0.0, 1.0]> : tensor<2xf32>} : () -> tensor<2xf32>
  %b = "graph.constant"() {value = dense<-0.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "graph.maximum"(%a, %b) : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
