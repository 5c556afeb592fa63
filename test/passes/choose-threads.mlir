// RUN: aicc-opt %s --split-input-file --choose-threads | filecheck %s

// Two kernels of a microsecond each.
// CHECK-LABEL: module attributes {aicc.threads = 1 : i64}
module attributes {aicc.threads = 2 : i64} {
  func.func @main(%x: tensor<8xf32>) -> tensor<8xf32> {
    %0 = call @small(%x) : (tensor<8xf32>) -> tensor<8xf32>
    %1 = call @small(%0) : (tensor<8xf32>) -> tensor<8xf32>
    return %1 : tensor<8xf32>
  }
  func.func private @small(tensor<8xf32>) -> tensor<8xf32> attributes {aicc.kernel = "elementwise", aicc.work = {bytes = 40000 : i64, flops = 10000 : i64}}
}

// -----

// CHECK-LABEL: module attributes {aicc.threads = 2 : i64}
module attributes {aicc.threads = 2 : i64} {
  func.func @main(%x: tensor<8xf32>) -> tensor<8xf32> {
    %0 = call @large(%x) : (tensor<8xf32>) -> tensor<8xf32>
    return %0 : tensor<8xf32>
  }
  func.func private @large(tensor<8xf32>) -> tensor<8xf32> attributes {aicc.kernel = "conv", aicc.work = {bytes = 40000 : i64, flops = 100000000 : i64}}
}

// -----

// Nothing is known of what is called: the choice stays.
// CHECK-LABEL: module attributes {aicc.threads = 4 : i64}
module attributes {aicc.threads = 4 : i64} {
  func.func @main(%x: tensor<8xf32>) -> tensor<8xf32> {
    return %x : tensor<8xf32>
  }
}
