// RUN: aicc-opt %s --canonicalize-graph | filecheck %s
// RUN: aicc-opt %s --canonicalize-graph > %t.once
// RUN: aicc-opt %t.once --canonicalize-graph > %t.twice
// RUN: diff %t.once %t.twice

// f16 to f32 to f64: every f16 is an f32.
// CHECK-LABEL: func.func @casts_that_lose_nothing(
// CHECK-NEXT: %[[R:.*]] = "graph.cast"(%arg0) {to = f64}
// CHECK-NEXT: return %[[R]]
func.func @casts_that_lose_nothing(%x: tensor<2xf16>) -> tensor<2xf64> {
  %0 = "graph.cast"(%x) {to = f32} : (tensor<2xf16>) -> tensor<2xf32>
  %1 = "graph.cast"(%0) {to = f64} : (tensor<2xf32>) -> tensor<2xf64>
  return %1 : tensor<2xf64>
}

// CHECK-LABEL: func.func @cast_there_and_back(
// CHECK-NEXT: return %arg0
func.func @cast_there_and_back(%x: tensor<2xi8>) -> tensor<2xi8> {
  %0 = "graph.cast"(%x) {to = f32} : (tensor<2xi8>) -> tensor<2xf32>
  %1 = "graph.cast"(%0) {to = i8} : (tensor<2xf32>) -> tensor<2xi8>
  return %1 : tensor<2xi8>
}

// Casts that may lose something.
// CHECK-LABEL: func.func @cast_rounds_f32(
// CHECK-COUNT-2: "graph.cast"
func.func @cast_rounds_f32(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = "graph.cast"(%x) {to = f16} : (tensor<2xf32>) -> tensor<2xf16>
  %1 = "graph.cast"(%0) {to = f32} : (tensor<2xf16>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// CHECK-LABEL: func.func @cast_rounds_i32(
// CHECK-COUNT-2: "graph.cast"
func.func @cast_rounds_i32(%x: tensor<2xi32>) -> tensor<2xi32> {
  %0 = "graph.cast"(%x) {to = f32} : (tensor<2xi32>) -> tensor<2xf32>
  %1 = "graph.cast"(%0) {to = i32} : (tensor<2xf32>) -> tensor<2xi32>
  return %1 : tensor<2xi32>
}

// CHECK-LABEL: func.func @cast_rounds_i8(
// CHECK-COUNT-2: "graph.cast"
func.func @cast_rounds_i8(%x: tensor<2xi8>) -> tensor<2xi32> {
  %0 = "graph.cast"(%x) {to = ui8} : (tensor<2xi8>) -> tensor<2xui8>
  %1 = "graph.cast"(%0) {to = i32} : (tensor<2xui8>) -> tensor<2xi32>
  return %1 : tensor<2xi32>
}

// CHECK-LABEL: func.func @cast_rounds_f16(
// CHECK-COUNT-2: "graph.cast"
func.func @cast_rounds_f16(%x: tensor<2xf16>) -> tensor<2xf32> {
  %0 = "graph.cast"(%x) {to = bf16} : (tensor<2xf16>) -> tensor<2xbf16>
  %1 = "graph.cast"(%0) {to = f32} : (tensor<2xbf16>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// CHECK-LABEL: func.func @cast_rounds_f32_to_bool(
// CHECK-COUNT-2: "graph.cast"
func.func @cast_rounds_f32_to_bool(%x: tensor<2xf32>) -> tensor<2xi32> {
  %0 = "graph.cast"(%x) {to = i1} : (tensor<2xf32>) -> tensor<2xi1>
  %1 = "graph.cast"(%0) {to = i32} : (tensor<2xi1>) -> tensor<2xi32>
  return %1 : tensor<2xi32>
}

// Neutral elements.
// CHECK-LABEL: func.func @add_minus_zero(
// CHECK-NEXT: return %arg0
func.func @add_minus_zero(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %c = "graph.constant"() {value = dense<-0.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "graph.add"(%x, %c) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @minus_zero_plus(
// CHECK-NEXT: return %arg0
func.func @minus_zero_plus(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %c = "graph.constant"() {value = dense<-0.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "graph.add"(%c, %x) : (tensor<f32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @add_integer_zero(
// CHECK-NEXT: return %arg0
func.func @add_integer_zero(%x: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %c = "graph.constant"() {value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %0 = "graph.add"(%x, %c) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %0 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @sub_zero(
// CHECK-NEXT: return %arg0
func.func @sub_zero(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %c = "graph.constant"() {value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "graph.sub"(%x, %c) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @mul_one(
// CHECK-NEXT: return %arg0
func.func @mul_one(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %c = "graph.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "graph.mul"(%x, %c) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @one_times(
// CHECK-NEXT: return %arg0
func.func @one_times(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %c = "graph.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "graph.mul"(%c, %x) : (tensor<f32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @div_by_one(
// CHECK-NEXT: return %arg0
func.func @div_by_one(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %c = "graph.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "graph.div"(%x, %c) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @pow_one(
// CHECK-NEXT: return %arg0
func.func @pow_one(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %c = "graph.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "graph.pow"(%x, %c) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -0.0 + 0.0 is 0.0.
// CHECK-LABEL: func.func @add_zero(
// CHECK: "graph.add"
func.func @add_zero(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %c = "graph.constant"() {value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "graph.add"(%x, %c) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @sub_minus_zero(
// CHECK: "graph.sub"
func.func @sub_minus_zero(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %c = "graph.constant"() {value = dense<-0.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "graph.sub"(%x, %c) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @one_minus(
// CHECK: "graph.sub"
func.func @one_minus(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %c = "graph.constant"() {value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "graph.sub"(%c, %x) : (tensor<f32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// A NaN times zero is a NaN.
// CHECK-LABEL: func.func @mul_zero(
// CHECK: "graph.mul"
func.func @mul_zero(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %c = "graph.constant"() {value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "graph.mul"(%x, %c) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// The one also broadcasts.
// CHECK-LABEL: func.func @mul_one_broadcasts(
// CHECK: "graph.mul"
func.func @mul_one_broadcasts(%x: tensor<3xf32>) -> tensor<2x3xf32> {
  %c = "graph.constant"() {value = dense<1.0> : tensor<2x1xf32>} : () -> tensor<2x1xf32>
  %0 = "graph.mul"(%x, %c) : (tensor<3xf32>, tensor<2x1xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// Once is enough.
// CHECK-LABEL: func.func @relu_twice(
// CHECK-NEXT: %[[R:.*]] = "graph.relu"(%arg0)
// CHECK-NEXT: return %[[R]]
func.func @relu_twice(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = "graph.relu"(%x) : (tensor<2xf32>) -> tensor<2xf32>
  %1 = "graph.relu"(%0) : (tensor<2xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// CHECK-LABEL: func.func @abs_twice(
// CHECK-NEXT: %[[R:.*]] = "graph.abs"(%arg0)
// CHECK-NEXT: return %[[R]]
func.func @abs_twice(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = "graph.abs"(%x) : (tensor<2xf32>) -> tensor<2xf32>
  %1 = "graph.abs"(%0) : (tensor<2xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// CHECK-LABEL: func.func @floor_twice(
// CHECK-NEXT: %[[R:.*]] = "graph.floor"(%arg0)
// CHECK-NEXT: return %[[R]]
func.func @floor_twice(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = "graph.floor"(%x) : (tensor<2xf32>) -> tensor<2xf32>
  %1 = "graph.floor"(%0) : (tensor<2xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// Twice is nothing.
// CHECK-LABEL: func.func @neg_twice(
// CHECK-NEXT: return %arg0
func.func @neg_twice(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = "graph.neg"(%x) : (tensor<2xf32>) -> tensor<2xf32>
  %1 = "graph.neg"(%0) : (tensor<2xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// CHECK-LABEL: func.func @not_twice(
// CHECK-NEXT: return %arg0
func.func @not_twice(%x: tensor<2xi1>) -> tensor<2xi1> {
  %0 = "graph.not"(%x) : (tensor<2xi1>) -> tensor<2xi1>
  %1 = "graph.not"(%0) : (tensor<2xi1>) -> tensor<2xi1>
  return %1 : tensor<2xi1>
}

// CHECK-LABEL: func.func @exp_twice(
// CHECK-COUNT-2: "graph.exp"
func.func @exp_twice(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = "graph.exp"(%x) : (tensor<2xf32>) -> tensor<2xf32>
  %1 = "graph.exp"(%0) : (tensor<2xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// Choices that are made already.
// CHECK-LABEL: func.func @where_known(
// CHECK-NEXT: return %arg1
func.func @where_known(%x: tensor<2xf32>, %y: tensor<2xf32>) -> tensor<2xf32> {
  %c = "graph.constant"() {value = dense<false> : tensor<i1>} : () -> tensor<i1>
  %0 = "graph.where"(%c, %x, %y) : (tensor<i1>, tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// CHECK-LABEL: func.func @where_same(
// CHECK-NEXT: return %arg0
func.func @where_same(%x: tensor<2xf32>, %c: tensor<2xi1>) -> tensor<2xf32> {
  %0 = "graph.where"(%c, %x, %x) : (tensor<2xi1>, tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// CHECK-LABEL: func.func @where_mixed(
// CHECK: "graph.where"
func.func @where_mixed(%x: tensor<2xf32>, %y: tensor<2xf32>) -> tensor<2xf32> {
  %c = "graph.constant"() {value = dense<[true, false]> : tensor<2xi1>} : () -> tensor<2xi1>
  %0 = "graph.where"(%c, %x, %y) : (tensor<2xi1>, tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// The op broadcasts by itself.
// CHECK-LABEL: func.func @expanded_operand(
// CHECK-NEXT: %[[R:.*]] = "graph.add"(%arg0, %arg1)
// CHECK-NEXT: return %[[R]]
func.func @expanded_operand(%x: tensor<2x3xf32>, %y: tensor<3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.expand"(%y) {shape = array<i64: 2, 3>} : (tensor<3xf32>) -> tensor<2x3xf32>
  %1 = "graph.add"(%x, %0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// Here nothing else has the result's shape.
// CHECK-LABEL: func.func @expanded_result(
// CHECK: "graph.expand"
// CHECK: "graph.add"
func.func @expanded_result(%x: tensor<1x3xf32>, %y: tensor<3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.expand"(%y) {shape = array<i64: 2, 3>} : (tensor<3xf32>) -> tensor<2x3xf32>
  %1 = "graph.add"(%x, %0) : (tensor<1x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// What nothing reads goes away.
// CHECK-LABEL: func.func @dead_chain(
// CHECK-NEXT: return %arg0
func.func @dead_chain(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.exp"(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.relu"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %x : tensor<2x3xf32>
}
