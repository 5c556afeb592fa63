// RUN: aicc-opt %s --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @numbers
func.func @numbers() {
  // CHECK: "graph.random_uniform"() {{.*}} -> tensor<3x4xf32>
  %0 = "graph.random_uniform"() {shape = array<i64: 3, 4>, seed = 7 : i64, stream = 1 : i64, generator = "philox", element = f32} : () -> tensor<3x4xf32>
  // CHECK: "graph.random_uniform"() {{.*}} -> tensor<5xf64>
  %1 = "graph.random_uniform"() {shape = array<i64: 5>, seed = 7 : i64, generator = "mt19937", element = f64} : () -> tensor<5xf64>
  return
}

// -----

func.func @single() {
  // expected-error @below {{mt19937 makes no f32}}
  %0 = "graph.random_uniform"() {shape = array<i64: 5>, generator = "mt19937", element = f32} : () -> tensor<5xf32>
  return
}

// -----

func.func @seed() {
  // expected-error @below {{mt19937 takes a 32-bit seed and no stream, got 4294967296, 0}}
  %0 = "graph.random_uniform"() {shape = array<i64: 5>, seed = 4294967296 : i64, generator = "mt19937", element = f64} : () -> tensor<5xf64>
  return
}
