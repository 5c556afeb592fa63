// RUN: aicc-opt %s --recognise-attention | filecheck %s
// RUN: aicc-opt %s --recognise-attention > %t.once
// RUN: aicc-opt %t.once --recognise-attention > %t.twice
// RUN: diff %t.once %t.twice

// CHECK-LABEL: func.func @heads_first(
// CHECK-NEXT: %[[Y:.*]] = "graph.attention"(%arg0, %arg1, %arg2) {guard = "none", k_layout = "BHSD", operandSegmentSizes = array<i32: 1, 1, 1, 0>, q_layout = "BHSD", scale = 1.250000e-01 : f64, v_layout = "BHSD", y_layout = "BHSD"}
// CHECK-NEXT: return %[[Y]]
func.func @heads_first(%q: tensor<1x4x40x32xf32>, %k: tensor<1x4x40x32xf32>, %v: tensor<1x4x40x32xf32>) -> tensor<1x4x40x32xf32> {
  %0 = "graph.transpose"(%k) {permutation = array<i64: 0, 1, 3, 2>} : (tensor<1x4x40x32xf32>) -> tensor<1x4x32x40xf32>
  %1 = "graph.matmul"(%q, %0) {rhs_layout = "KN"} : (tensor<1x4x40x32xf32>, tensor<1x4x32x40xf32>) -> tensor<1x4x40x40xf32>
  %2 = "graph.constant"() {value = dense<1.25e-01> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.mul"(%1, %2) : (tensor<1x4x40x40xf32>, tensor<f32>) -> tensor<1x4x40x40xf32>
  %4 = "graph.softmax"(%3) {axis = -1 : i64, log = false} : (tensor<1x4x40x40xf32>) -> tensor<1x4x40x40xf32>
  %5 = "graph.matmul"(%4, %v) {rhs_layout = "KN"} : (tensor<1x4x40x40xf32>, tensor<1x4x40x32xf32>) -> tensor<1x4x40x32xf32>
  return %5 : tensor<1x4x40x32xf32>
}

// Transpositions join the op; a mask is added after the scale.
// CHECK-LABEL: func.func @positions_first(
// CHECK-NEXT: %[[Y:.*]] = "graph.attention"(%arg0, %arg1, %arg2, %arg3) {guard = "none", k_layout = "BSHD", operandSegmentSizes = array<i32: 1, 1, 1, 1>, q_layout = "BSHD", scale = 1.250000e-01 : f64, v_layout = "BSHD", y_layout = "BSHD"}
// CHECK-NEXT: return %[[Y]]
func.func @positions_first(%q: tensor<1x40x4x32xf32>, %k: tensor<1x40x4x32xf32>, %v: tensor<1x40x4x32xf32>, %m: tensor<1x1x40x40xf32>) -> tensor<1x40x4x32xf32> {
  %0 = "graph.transpose"(%q) {permutation = array<i64: 0, 2, 1, 3>} : (tensor<1x40x4x32xf32>) -> tensor<1x4x40x32xf32>
  %1 = "graph.transpose"(%k) {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x40x4x32xf32>) -> tensor<1x4x32x40xf32>
  %2 = "graph.transpose"(%v) {permutation = array<i64: 0, 2, 1, 3>} : (tensor<1x40x4x32xf32>) -> tensor<1x4x40x32xf32>
  %3 = "graph.matmul"(%0, %1) {rhs_layout = "KN"} : (tensor<1x4x40x32xf32>, tensor<1x4x32x40xf32>) -> tensor<1x4x40x40xf32>
  %4 = "graph.constant"() {value = dense<8.0> : tensor<f32>} : () -> tensor<f32>
  %5 = "graph.div"(%3, %4) : (tensor<1x4x40x40xf32>, tensor<f32>) -> tensor<1x4x40x40xf32>
  %6 = "graph.add"(%m, %5) : (tensor<1x1x40x40xf32>, tensor<1x4x40x40xf32>) -> tensor<1x4x40x40xf32>
  %7 = "graph.softmax"(%6) {axis = -1 : i64, log = false} : (tensor<1x4x40x40xf32>) -> tensor<1x4x40x40xf32>
  %8 = "graph.matmul"(%7, %2) {rhs_layout = "KN"} : (tensor<1x4x40x40xf32>, tensor<1x4x40x32xf32>) -> tensor<1x4x40x32xf32>
  %9 = "graph.transpose"(%8) {permutation = array<i64: 0, 2, 1, 3>} : (tensor<1x4x40x32xf32>) -> tensor<1x40x4x32xf32>
  return %9 : tensor<1x40x4x32xf32>
}

// A scale on queries and on keys.
// CHECK-LABEL: func.func @scaled_operands(
// CHECK: "graph.attention"(%arg0, %arg1, %arg2) {{.*}} scale = 2.500000e-01 : f64
func.func @scaled_operands(%q: tensor<1x4x40x32xf32>, %k: tensor<1x4x40x32xf32>, %v: tensor<1x4x40x32xf32>) -> tensor<1x4x40x32xf32> {
  %0 = "graph.constant"() {value = dense<5.0e-01> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%q, %0) : (tensor<1x4x40x32xf32>, tensor<f32>) -> tensor<1x4x40x32xf32>
  %2 = "graph.transpose"(%k) {permutation = array<i64: 0, 1, 3, 2>} : (tensor<1x4x40x32xf32>) -> tensor<1x4x32x40xf32>
  %3 = "graph.mul"(%2, %0) : (tensor<1x4x32x40xf32>, tensor<f32>) -> tensor<1x4x32x40xf32>
  %4 = "graph.matmul"(%1, %3) {rhs_layout = "KN"} : (tensor<1x4x40x32xf32>, tensor<1x4x32x40xf32>) -> tensor<1x4x40x40xf32>
  %5 = "graph.softmax"(%4) {axis = -1 : i64, log = false} : (tensor<1x4x40x40xf32>) -> tensor<1x4x40x40xf32>
  %6 = "graph.matmul"(%5, %v) {rhs_layout = "KN"} : (tensor<1x4x40x40xf32>, tensor<1x4x40x32xf32>) -> tensor<1x4x40x32xf32>
  return %6 : tensor<1x4x40x32xf32>
}

// A choice of -inf, and zeros for queries that see no key.
// CHECK-LABEL: func.func @choice_as_mask(
// CHECK: %[[M:.*]] = "graph.where"(%arg3, %{{.*}}, %{{.*}}) : (tensor<40x40xi1>, tensor<f32>, tensor<f32>) -> tensor<40x40xf32>
// CHECK: "graph.attention"(%arg0, %arg1, %arg2, %[[M]]) {guard = "nan"
func.func @choice_as_mask(%q: tensor<1x4x40x32xf32>, %k: tensor<1x4x40x32xf32>, %v: tensor<1x4x40x32xf32>, %m: tensor<40x40xi1>) -> tensor<1x4x40x32xf32> {
  %0 = "graph.transpose"(%k) {permutation = array<i64: 0, 1, 3, 2>} : (tensor<1x4x40x32xf32>) -> tensor<1x4x32x40xf32>
  %1 = "graph.matmul"(%q, %0) {rhs_layout = "KN"} : (tensor<1x4x40x32xf32>, tensor<1x4x32x40xf32>) -> tensor<1x4x40x40xf32>
  %2 = "graph.constant"() {value = dense<0xFF800000> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.where"(%m, %1, %2) : (tensor<40x40xi1>, tensor<1x4x40x40xf32>, tensor<f32>) -> tensor<1x4x40x40xf32>
  %4 = "graph.softmax"(%3) {axis = -1 : i64, log = false} : (tensor<1x4x40x40xf32>) -> tensor<1x4x40x40xf32>
  %5 = "graph.is_nan"(%4) : (tensor<1x4x40x40xf32>) -> tensor<1x4x40x40xi1>
  %6 = "graph.constant"() {value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
  %7 = "graph.where"(%5, %6, %4) : (tensor<1x4x40x40xi1>, tensor<f32>, tensor<1x4x40x40xf32>) -> tensor<1x4x40x40xf32>
  %8 = "graph.matmul"(%7, %v) {rhs_layout = "KN"} : (tensor<1x4x40x40xf32>, tensor<1x4x40x32xf32>) -> tensor<1x4x40x32xf32>
  return %8 : tensor<1x4x40x32xf32>
}

// -100 still counts.
// CHECK-LABEL: func.func @small_fill(
// CHECK-NOT: "graph.attention"
func.func @small_fill(%q: tensor<1x4x40x32xf32>, %k: tensor<1x4x40x32xf32>, %v: tensor<1x4x40x32xf32>, %m: tensor<40x40xi1>) -> tensor<1x4x40x32xf32> {
  %0 = "graph.transpose"(%k) {permutation = array<i64: 0, 1, 3, 2>} : (tensor<1x4x40x32xf32>) -> tensor<1x4x32x40xf32>
  %1 = "graph.matmul"(%q, %0) {rhs_layout = "KN"} : (tensor<1x4x40x32xf32>, tensor<1x4x32x40xf32>) -> tensor<1x4x40x40xf32>
  %2 = "graph.constant"() {value = dense<-1.0e+02> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.where"(%m, %1, %2) : (tensor<40x40xi1>, tensor<1x4x40x40xf32>, tensor<f32>) -> tensor<1x4x40x40xf32>
  %4 = "graph.softmax"(%3) {axis = -1 : i64, log = false} : (tensor<1x4x40x40xf32>) -> tensor<1x4x40x40xf32>
  %5 = "graph.matmul"(%4, %v) {rhs_layout = "KN"} : (tensor<1x4x40x40xf32>, tensor<1x4x40x32xf32>) -> tensor<1x4x40x32xf32>
  return %5 : tensor<1x4x40x32xf32>
}

// Two heads of queries for one of keys.
// CHECK-LABEL: func.func @grouped_heads(
// CHECK: "graph.attention"(%arg0, %arg1, %arg2) {{.*}} : (tensor<1x4x40x32xf32>, tensor<1x2x40x32xf32>, tensor<1x2x40x32xf32>) -> tensor<1x4x40x32xf32>
func.func @grouped_heads(%q: tensor<1x4x40x32xf32>, %k: tensor<1x2x40x32xf32>, %v: tensor<1x2x40x32xf32>) -> tensor<1x4x40x32xf32> {
  %0 = "graph.reshape"(%k) {shape = array<i64: 1, 2, 1, 40, 32>} : (tensor<1x2x40x32xf32>) -> tensor<1x2x1x40x32xf32>
  %1 = "graph.expand"(%0) {shape = array<i64: 1, 2, 2, 40, 32>} : (tensor<1x2x1x40x32xf32>) -> tensor<1x2x2x40x32xf32>
  %2 = "graph.reshape"(%1) {shape = array<i64: 1, 4, 40, 32>} : (tensor<1x2x2x40x32xf32>) -> tensor<1x4x40x32xf32>
  %3 = "graph.reshape"(%v) {shape = array<i64: 1, 2, 1, 40, 32>} : (tensor<1x2x40x32xf32>) -> tensor<1x2x1x40x32xf32>
  %4 = "graph.expand"(%3) {shape = array<i64: 1, 2, 2, 40, 32>} : (tensor<1x2x1x40x32xf32>) -> tensor<1x2x2x40x32xf32>
  %5 = "graph.reshape"(%4) {shape = array<i64: 1, 4, 40, 32>} : (tensor<1x2x2x40x32xf32>) -> tensor<1x4x40x32xf32>
  %6 = "graph.transpose"(%2) {permutation = array<i64: 0, 1, 3, 2>} : (tensor<1x4x40x32xf32>) -> tensor<1x4x32x40xf32>
  %7 = "graph.matmul"(%q, %6) {rhs_layout = "KN"} : (tensor<1x4x40x32xf32>, tensor<1x4x32x40xf32>) -> tensor<1x4x40x40xf32>
  %8 = "graph.softmax"(%7) {axis = -1 : i64, log = false} : (tensor<1x4x40x40xf32>) -> tensor<1x4x40x40xf32>
  %9 = "graph.matmul"(%8, %5) {rhs_layout = "KN"} : (tensor<1x4x40x40xf32>, tensor<1x4x40x32xf32>) -> tensor<1x4x40x32xf32>
  return %9 : tensor<1x4x40x32xf32>
}

// [S, BH, D] transposed for a batched product, and back.
// CHECK-LABEL: func.func @merged_heads(
// CHECK: "graph.attention"({{.*}}) {{.*}} : (tensor<1x40x4x32xf32>, tensor<1x40x4x32xf32>, tensor<1x40x4x32xf32>) -> tensor<1x40x4x32xf32>
// CHECK-NOT: "graph.transpose"
func.func @merged_heads(%q: tensor<40x4x32xf32>, %k: tensor<40x4x32xf32>, %v: tensor<40x4x32xf32>) -> tensor<40x4x32xf32> {
  %0 = "graph.transpose"(%q) {permutation = array<i64: 1, 0, 2>} : (tensor<40x4x32xf32>) -> tensor<4x40x32xf32>
  %1 = "graph.transpose"(%k) {permutation = array<i64: 1, 2, 0>} : (tensor<40x4x32xf32>) -> tensor<4x32x40xf32>
  %2 = "graph.transpose"(%v) {permutation = array<i64: 1, 0, 2>} : (tensor<40x4x32xf32>) -> tensor<4x40x32xf32>
  %3 = "graph.matmul"(%0, %1) {rhs_layout = "KN"} : (tensor<4x40x32xf32>, tensor<4x32x40xf32>) -> tensor<4x40x40xf32>
  %4 = "graph.softmax"(%3) {axis = -1 : i64, log = false} : (tensor<4x40x40xf32>) -> tensor<4x40x40xf32>
  %5 = "graph.matmul"(%4, %2) {rhs_layout = "KN"} : (tensor<4x40x40xf32>, tensor<4x40x32xf32>) -> tensor<4x40x32xf32>
  %6 = "graph.transpose"(%5) {permutation = array<i64: 1, 0, 2>} : (tensor<4x40x32xf32>) -> tensor<40x4x32xf32>
  return %6 : tensor<40x4x32xf32>
}

// Queries, keys and values are read where one product wrote them.
// CHECK-LABEL: func.func @common_projection(
// CHECK: %[[X:.*]] = "graph.reshape"(%arg0) {shape = array<i64: 1, 40, 12, 32>}
// CHECK: "graph.attention"({{.*}}) {first = array<i64: 0, 4, 8>, guard = "none", heads = array<i64: 4, 4>, k_layout = "BSHD"
// CHECK-NOT: "graph.slice"
func.func @common_projection(%x: tensor<1x40x384xf32>) -> tensor<1x4x40x32xf32> {
  %0 = "graph.slice"(%x) {starts = array<i64: 0, 0, 0>, sizes = array<i64: 1, 40, 128>, steps = array<i64: 1, 1, 1>} : (tensor<1x40x384xf32>) -> tensor<1x40x128xf32>
  %1 = "graph.reshape"(%0) {shape = array<i64: 1, 40, 4, 32>} : (tensor<1x40x128xf32>) -> tensor<1x40x4x32xf32>
  %2 = "graph.transpose"(%1) {permutation = array<i64: 0, 2, 1, 3>} : (tensor<1x40x4x32xf32>) -> tensor<1x4x40x32xf32>
  %3 = "graph.slice"(%x) {starts = array<i64: 0, 0, 128>, sizes = array<i64: 1, 40, 128>, steps = array<i64: 1, 1, 1>} : (tensor<1x40x384xf32>) -> tensor<1x40x128xf32>
  %4 = "graph.reshape"(%3) {shape = array<i64: 1, 40, 4, 32>} : (tensor<1x40x128xf32>) -> tensor<1x40x4x32xf32>
  %5 = "graph.transpose"(%4) {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x40x4x32xf32>) -> tensor<1x4x32x40xf32>
  %6 = "graph.slice"(%x) {starts = array<i64: 0, 0, 256>, sizes = array<i64: 1, 40, 128>, steps = array<i64: 1, 1, 1>} : (tensor<1x40x384xf32>) -> tensor<1x40x128xf32>
  %7 = "graph.reshape"(%6) {shape = array<i64: 1, 40, 4, 32>} : (tensor<1x40x128xf32>) -> tensor<1x40x4x32xf32>
  %8 = "graph.transpose"(%7) {permutation = array<i64: 0, 2, 1, 3>} : (tensor<1x40x4x32xf32>) -> tensor<1x4x40x32xf32>
  %9 = "graph.matmul"(%2, %5) {rhs_layout = "KN"} : (tensor<1x4x40x32xf32>, tensor<1x4x32x40xf32>) -> tensor<1x4x40x40xf32>
  %10 = "graph.softmax"(%9) {axis = -1 : i64, log = false} : (tensor<1x4x40x40xf32>) -> tensor<1x4x40x40xf32>
  %11 = "graph.matmul"(%10, %8) {rhs_layout = "KN"} : (tensor<1x4x40x40xf32>, tensor<1x4x40x32xf32>) -> tensor<1x4x40x32xf32>
  return %11 : tensor<1x4x40x32xf32>
}

// CHECK-LABEL: func.func @probabilities_read(
// CHECK-NOT: "graph.attention"
func.func @probabilities_read(%q: tensor<1x4x40x32xf32>, %k: tensor<1x4x40x32xf32>, %v: tensor<1x4x40x32xf32>) -> (tensor<1x4x40x32xf32>, tensor<1x4x40x40xf32>) {
  %0 = "graph.transpose"(%k) {permutation = array<i64: 0, 1, 3, 2>} : (tensor<1x4x40x32xf32>) -> tensor<1x4x32x40xf32>
  %1 = "graph.matmul"(%q, %0) {rhs_layout = "KN"} : (tensor<1x4x40x32xf32>, tensor<1x4x32x40xf32>) -> tensor<1x4x40x40xf32>
  %2 = "graph.softmax"(%1) {axis = -1 : i64, log = false} : (tensor<1x4x40x40xf32>) -> tensor<1x4x40x40xf32>
  %3 = "graph.matmul"(%2, %v) {rhs_layout = "KN"} : (tensor<1x4x40x40xf32>, tensor<1x4x40x32xf32>) -> tensor<1x4x40x32xf32>
  return %3, %2 : tensor<1x4x40x32xf32>, tensor<1x4x40x40xf32>
}

// No kernel is for this type, and its rounding would change.
// CHECK-LABEL: func.func @f16(
// CHECK-NOT: "graph.attention"
func.func @f16(%q: tensor<1x4x40x32xf16>, %k: tensor<1x4x40x32xf16>, %v: tensor<1x4x40x32xf16>) -> tensor<1x4x40x32xf16> {
  %0 = "graph.transpose"(%k) {permutation = array<i64: 0, 1, 3, 2>} : (tensor<1x4x40x32xf16>) -> tensor<1x4x32x40xf16>
  %1 = "graph.matmul"(%q, %0) {rhs_layout = "KN"} : (tensor<1x4x40x32xf16>, tensor<1x4x32x40xf16>) -> tensor<1x4x40x40xf16>
  %2 = "graph.softmax"(%1) {axis = -1 : i64, log = false} : (tensor<1x4x40x40xf16>) -> tensor<1x4x40x40xf16>
  %3 = "graph.matmul"(%2, %v) {rhs_layout = "KN"} : (tensor<1x4x40x40xf16>, tensor<1x4x40x32xf16>) -> tensor<1x4x40x32xf16>
  return %3 : tensor<1x4x40x32xf16>
}

// CHECK-LABEL: func.func @wrong_axis(
// CHECK-NOT: "graph.attention"
func.func @wrong_axis(%q: tensor<1x4x40x32xf32>, %k: tensor<1x4x40x32xf32>, %v: tensor<1x4x40x32xf32>) -> tensor<1x4x40x32xf32> {
  %0 = "graph.transpose"(%k) {permutation = array<i64: 0, 1, 3, 2>} : (tensor<1x4x40x32xf32>) -> tensor<1x4x32x40xf32>
  %1 = "graph.matmul"(%q, %0) {rhs_layout = "KN"} : (tensor<1x4x40x32xf32>, tensor<1x4x32x40xf32>) -> tensor<1x4x40x40xf32>
  %2 = "graph.softmax"(%1) {axis = 2 : i64, log = false} : (tensor<1x4x40x40xf32>) -> tensor<1x4x40x40xf32>
  %3 = "graph.matmul"(%2, %v) {rhs_layout = "KN"} : (tensor<1x4x40x40xf32>, tensor<1x4x40x32xf32>) -> tensor<1x4x40x32xf32>
  return %3 : tensor<1x4x40x32xf32>
}

// Scores times a tensor.
// CHECK-LABEL: func.func @scores_gated(
// CHECK-NOT: "graph.attention"
func.func @scores_gated(%q: tensor<1x4x40x32xf32>, %k: tensor<1x4x40x32xf32>, %v: tensor<1x4x40x32xf32>, %g: tensor<1x4x40x40xf32>) -> tensor<1x4x40x32xf32> {
  %0 = "graph.transpose"(%k) {permutation = array<i64: 0, 1, 3, 2>} : (tensor<1x4x40x32xf32>) -> tensor<1x4x32x40xf32>
  %1 = "graph.matmul"(%q, %0) {rhs_layout = "KN"} : (tensor<1x4x40x32xf32>, tensor<1x4x32x40xf32>) -> tensor<1x4x40x40xf32>
  %2 = "graph.mul"(%1, %g) : (tensor<1x4x40x40xf32>, tensor<1x4x40x40xf32>) -> tensor<1x4x40x40xf32>
  %3 = "graph.softmax"(%2) {axis = -1 : i64, log = false} : (tensor<1x4x40x40xf32>) -> tensor<1x4x40x40xf32>
  %4 = "graph.matmul"(%3, %v) {rhs_layout = "KN"} : (tensor<1x4x40x40xf32>, tensor<1x4x40x32xf32>) -> tensor<1x4x40x32xf32>
  return %4 : tensor<1x4x40x32xf32>
}

// A guard that is known never to act.
// CHECK-LABEL: func.func @idle_guard(
// CHECK-NEXT: "graph.attention"(%arg0, %arg1, %arg2) {guard = "none"
func.func @idle_guard(%q: tensor<1x4x40x32xf32>, %k: tensor<1x4x40x32xf32>, %v: tensor<1x4x40x32xf32>) -> tensor<1x4x40x32xf32> {
  %0 = "graph.transpose"(%k) {permutation = array<i64: 0, 1, 3, 2>} : (tensor<1x4x40x32xf32>) -> tensor<1x4x32x40xf32>
  %1 = "graph.matmul"(%q, %0) {rhs_layout = "KN"} : (tensor<1x4x40x32xf32>, tensor<1x4x32x40xf32>) -> tensor<1x4x40x40xf32>
  %2 = "graph.softmax"(%1) {axis = -1 : i64, log = false} : (tensor<1x4x40x40xf32>) -> tensor<1x4x40x40xf32>
  %3 = "graph.constant"() {value = dense<false> : tensor<i1>} : () -> tensor<i1>
  %4 = "graph.expand"(%3) {shape = array<i64: 40, 1>} : (tensor<i1>) -> tensor<40x1xi1>
  %5 = "graph.constant"() {value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
  %6 = "graph.where"(%4, %5, %2) : (tensor<40x1xi1>, tensor<f32>, tensor<1x4x40x40xf32>) -> tensor<1x4x40x40xf32>
  %7 = "graph.matmul"(%6, %v) {rhs_layout = "KN"} : (tensor<1x4x40x40xf32>, tensor<1x4x40x32xf32>) -> tensor<1x4x40x32xf32>
  return %7 : tensor<1x4x40x32xf32>
}

// One query of each of three heads that share keys: three queries of one head.
// CHECK-LABEL: func.func @heads_as_queries(
// CHECK-NEXT: %[[Q:.*]] = "graph.reshape"(%arg0) {shape = array<i64: 1, 2, 3, 32>}
// CHECK-NEXT: %[[Y:.*]] = "graph.attention"(%[[Q]], %arg1, %arg2, %arg3) {{.*}} -> tensor<1x2x3x32xf32>
// CHECK-NEXT: "graph.reshape"(%[[Y]]) {shape = array<i64: 1, 1, 6, 32>}
func.func @heads_as_queries(%q: tensor<1x1x6x32xf32>, %k: tensor<1x2x40x32xf32>, %v: tensor<1x2x40x32xf32>, %m: tensor<1x1x1x40xf32>) -> tensor<1x1x6x32xf32> {
  %0 = "graph.attention"(%q, %k, %v, %m) {q_layout = "BSHD", y_layout = "BSHD", operandSegmentSizes = array<i32: 1, 1, 1, 1>} : (tensor<1x1x6x32xf32>, tensor<1x2x40x32xf32>, tensor<1x2x40x32xf32>, tensor<1x1x1x40xf32>) -> tensor<1x1x6x32xf32>
  return %0 : tensor<1x1x6x32xf32>
}

// The mask is another one for every head.
// CHECK-LABEL: func.func @mask_of_heads(
// CHECK-NEXT: "graph.attention"(%arg0, %arg1, %arg2, %arg3)
func.func @mask_of_heads(%q: tensor<1x6x1x32xf32>, %k: tensor<1x2x40x32xf32>, %v: tensor<1x2x40x32xf32>, %m: tensor<1x6x1x40xf32>) -> tensor<1x6x1x32xf32> {
  %0 = "graph.attention"(%q, %k, %v, %m) {operandSegmentSizes = array<i32: 1, 1, 1, 1>} : (tensor<1x6x1x32xf32>, tensor<1x2x40x32xf32>, tensor<1x2x40x32xf32>, tensor<1x6x1x40xf32>) -> tensor<1x6x1x32xf32>
  return %0 : tensor<1x6x1x32xf32>
}
