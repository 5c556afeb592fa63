// RUN: aicc-opt %s --split-input-file --verify-diagnostics | filecheck %s

// CHECK-LABEL: func.func @ops
// CHECK: "graph.quantize"{{.*}} -> tensor<4xui8>
// CHECK: "graph.dequantize"{{.*}} -> tensor<4xf32>
// CHECK: "graph.snap"{{.*}} -> tensor<4xf32>
// CHECK: "graph.lookup"{{.*}} -> tensor<4xi8>
func.func @ops(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xi8>) {
  %0 = "graph.quantize"(%x) {scale = 0.5, zero = 3 : i64, to = ui8} : (tensor<4xf32>) -> tensor<4xui8>
  %1 = "graph.dequantize"(%0) {scale = 0.5, zero = 3 : i64} : (tensor<4xui8>) -> tensor<4xf32>
  %2 = "graph.snap"(%x) {scale = 0.5, zero = 3 : i64, to = i8, step = 0.25} : (tensor<4xf32>) -> tensor<4xf32>
  %3 = "graph.lookup"(%0) {table = dense<7> : tensor<256xi8>} : (tensor<4xui8>) -> tensor<4xi8>
  return %1, %2, %3 : tensor<4xf32>, tensor<4xf32>, tensor<4xi8>
}

// -----

func.func @scale(%x: tensor<4xf32>) {
  // expected-error @below {{'graph.quantize' op expects a positive scale, got 0.0}}
  %0 = "graph.quantize"(%x) {scale = 0.0, zero = 3 : i64, to = ui8} : (tensor<4xf32>) -> tensor<4xui8>
  return
}

// -----

func.func @doubles(%x: tensor<4xf64>) {
  // expected-error @below {{'graph.quantize' op rounds f32 to an integer, got f64 and ui8}}
  %0 = "graph.quantize"(%x) {scale = 1.0, zero = 3 : i64, to = ui8} : (tensor<4xf64>) -> tensor<4xui8>
  return
}

// -----

func.func @words(%x: tensor<4xi32>) {
  // expected-error @below {{'graph.lookup' op looks up bytes by bytes, got i32 and i8}}
  %0 = "graph.lookup"(%x) {table = dense<7> : tensor<256xi8>} : (tensor<4xi32>) -> tensor<4xi8>
  return
}

// -----

func.func @entries(%x: tensor<4xi8>) {
  // expected-error @below {{'graph.lookup' op expects a table of 256 elements}}
  %0 = "graph.lookup"(%x) {table = dense<7> : tensor<16xi8>} : (tensor<4xi8>) -> tensor<4xi8>
  return
}
