// RUN: aicc-opt %s --split-input-file --verify-diagnostics | aicc-opt --split-input-file | filecheck %s

// CHECK-LABEL: func.func @broadcast
// CHECK: "graph.add"(%arg0, %arg1) : (tensor<4x1xf32>, tensor<8xf32>) -> tensor<4x8xf32>
// CHECK: "graph.less"{{.*}} -> tensor<4x8xi1>
// CHECK: "graph.where"
// CHECK: "graph.cast"({{.*}}) {to = ui8}
// CHECK: "graph.gelu"({{.*}}) {approximate = "tanh"}
func.func @broadcast(%a: tensor<4x1xf32>, %b: tensor<8xf32>) -> (tensor<4x8xui8>, tensor<4x8xf32>) {
  %0 = "graph.add"(%a, %b) : (tensor<4x1xf32>, tensor<8xf32>) -> tensor<4x8xf32>
  %1 = "graph.less"(%0, %b) : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xi1>
  %2 = "graph.where"(%1, %0, %b) : (tensor<4x8xi1>, tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
  %3 = "graph.cast"(%2) {to = ui8} : (tensor<4x8xf32>) -> tensor<4x8xui8>
  %4 = "graph.gelu"(%2) {approximate = "tanh"} : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return %3, %4 : tensor<4x8xui8>, tensor<4x8xf32>
}

// -----

func.func @shapes(%a: tensor<4xf32>, %b: tensor<3xf32>) {
  // expected-error @below {{'graph.add' op operand shapes [[4], [3]] do not broadcast}}
  %0 = "graph.add"(%a, %b) : (tensor<4xf32>, tensor<3xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @types(%a: tensor<4xf32>, %b: tensor<4xf64>) {
  // expected-error @below {{'graph.mul' op mixes element types f32 and f64}}
  %0 = "graph.mul"(%a, %b) : (tensor<4xf32>, tensor<4xf64>) -> tensor<4xf32>
  return
}

// -----

func.func @float(%a: tensor<4xi32>) {
  // expected-error @below {{'graph.exp' op expects a float element type, got i32}}
  %0 = "graph.exp"(%a) : (tensor<4xi32>) -> tensor<4xi32>
  return
}

// -----

func.func @result(%a: tensor<4xf32>) {
  // expected-error @below {{'graph.relu' op result 0 has type tensor<5xf32>, expected tensor<4xf32>}}
  %0 = "graph.relu"(%a) : (tensor<4xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @attribute(%a: tensor<4xf32>) {
  // expected-error @below {{'graph.relu' op has unknown attribute 'slope'}}
  %0 = "graph.relu"(%a) {slope = 1 : i64} : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @choice(%a: tensor<4xf32>) {
  // expected-error @below {{'graph.gelu' op attribute 'approximate' must be one of none, tanh}}
  %0 = "graph.gelu"(%a) {approximate = "sigmoid"} : (tensor<4xf32>) -> tensor<4xf32>
  return
}
