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
