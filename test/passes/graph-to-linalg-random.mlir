// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(outline-kernels,graph-to-linalg)' | filecheck %s

// Philox: every element by itself, from its place. Ten rounds of two products.
// CHECK: func.func private @elementwise_3x4
// CHECK: linalg.generic
// CHECK-SAME: iterator_types = ["parallel", "parallel"]
// CHECK-COUNT-20: arith.muli {{.*}} : i64
// CHECK: arith.uitofp
// CHECK: linalg.yield
func.func @main() -> (tensor<3x4xf32> {aicc.output = "y"}) {
  %0 = "graph.random_uniform"() {shape = array<i64: 3, 4>, seed = 7 : i64, stream = 1 : i64, generator = "philox", element = f32} : () -> tensor<3x4xf32>
  return %0 : tensor<3x4xf32>
}

// -----

// The twister: its words are seeded one after the other, then renewed as they are used.
// CHECK: arith.constant 624 : index
// CHECK: scf.for
// CHECK: arith.muli
// CHECK: scf.for
// CHECK: tensor.insert
func.func @main() -> (tensor<5xf64> {aicc.output = "y"}) {
  %0 = "graph.random_uniform"() {shape = array<i64: 5>, seed = 7 : i64, generator = "mt19937", element = f64} : () -> tensor<5xf64>
  return %0 : tensor<5xf64>
}
