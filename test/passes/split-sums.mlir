// RUN: aicc-opt %s --split-input-file --split-sums | filecheck %s
// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(split-sums,split-sums)' | filecheck %s

#pixel = affine_map<(n, c, h, w) -> (n, h, w, c)>
#sum = affine_map<(n, c, h, w) -> (n, c)>

// Two threads sum up eight parts of seven rows, 144 channels in registers; then the parts.
module attributes {aicc.target = "skylake-avx512", aicc.threads = 2 : i64} {
  // CHECK-LABEL: func.func private @mean
  // CHECK: %[[P:.*]] = bufferization.alloc_tensor() : tensor<8x144xf32>
  // CHECK: scf.forall (%[[I:.*]]) in (8) shared_outs(%{{.*}} = %[[P]])
  // CHECK: tensor.extract_slice %arg0[0, %{{.*}}, 0, 0] [1, 7, 56, 144]
  // CHECK: linalg.generic {{.*}}aicc.tile = 16
  // CHECK: tensor.parallel_insert_slice
  // CHECK: linalg.generic {{.*}}"reduction"]} ins(%{{.*}} : tensor<8x144xf32>)
  func.func private @mean(%x: tensor<1x56x56x144xf32>) -> tensor<1x144xf32> attributes {aicc.kernel = "reduction"} {
    %zero = arith.constant 0.0 : f32
    %e = tensor.empty() : tensor<1x144xf32>
    %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x144xf32>) -> tensor<1x144xf32>
    %s = linalg.generic {indexing_maps = [#pixel, #sum], iterator_types = ["parallel", "parallel", "reduction", "reduction"]} ins(%x : tensor<1x56x56x144xf32>) outs(%f : tensor<1x144xf32>) {
    ^bb0(%a: f32, %acc: f32):
      %0 = arith.addf %acc, %a fastmath<reassoc,contract> : f32
      linalg.yield %0 : f32
    } -> tensor<1x144xf32>
    return %s : tensor<1x144xf32>
  }

  // Images of a batch are parts already; 300 channels are 16 vectors and the rest.
  // CHECK-LABEL: func.func private @batch
  // CHECK: scf.forall (%{{.*}}) in (4)
  // CHECK: tensor.extract_slice {{.*}}[1, 28, 28, 256]
  // CHECK: tensor.extract_slice {{.*}}[1, 28, 28, 44]
  // CHECK-NOT: "reduction"]} ins(%{{.*}} : tensor<4x300xf32>)
  func.func private @batch(%x: tensor<4x28x28x300xf32>) -> tensor<4x300xf32> attributes {aicc.kernel = "reduction"} {
    %zero = arith.constant 0.0 : f32
    %e = tensor.empty() : tensor<4x300xf32>
    %f = linalg.fill ins(%zero : f32) outs(%e : tensor<4x300xf32>) -> tensor<4x300xf32>
    %s = linalg.generic {indexing_maps = [#pixel, #sum], iterator_types = ["parallel", "parallel", "reduction", "reduction"]} ins(%x : tensor<4x28x28x300xf32>) outs(%f : tensor<4x300xf32>) {
    ^bb0(%a: f32, %acc: f32):
      %0 = arith.addf %acc, %a fastmath<reassoc,contract> : f32
      linalg.yield %0 : f32
    } -> tensor<4x300xf32>
    return %s : tensor<4x300xf32>
  }
}

// -----

#pixel = affine_map<(n, c, h, w) -> (n, h, w, c)>
#sum = affine_map<(n, c, h, w) -> (n, c)>

// A sum that starts from one must not start in every part; one thread has one part.
module attributes {aicc.target = "skylake-avx512", aicc.threads = 2 : i64} {
  // CHECK-LABEL: func.func private @from_one
  // CHECK-NOT: scf.forall
  // CHECK: aicc.tile = 16
  func.func private @from_one(%x: tensor<1x56x56x144xf32>) -> tensor<1x144xf32> attributes {aicc.kernel = "reduction"} {
    %one = arith.constant 1.0 : f32
    %e = tensor.empty() : tensor<1x144xf32>
    %f = linalg.fill ins(%one : f32) outs(%e : tensor<1x144xf32>) -> tensor<1x144xf32>
    %s = linalg.generic {indexing_maps = [#pixel, #sum], iterator_types = ["parallel", "parallel", "reduction", "reduction"]} ins(%x : tensor<1x56x56x144xf32>) outs(%f : tensor<1x144xf32>) {
    ^bb0(%a: f32, %acc: f32):
      %0 = arith.addf %acc, %a fastmath<reassoc,contract> : f32
      linalg.yield %0 : f32
    } -> tensor<1x144xf32>
    return %s : tensor<1x144xf32>
  }
}

// -----

#pixel = affine_map<(n, c, h, w) -> (n, h, w, c)>
#sum = affine_map<(n, c, h, w) -> (n, c)>

// Strict: the order of the additions is the model's.
module attributes {aicc.target = "skylake-avx512", aicc.threads = 2 : i64, aicc.strict_fp} {
  // CHECK-LABEL: func.func private @strict
  // CHECK-NOT: scf.forall
  // CHECK: aicc.tile = 16
  func.func private @strict(%x: tensor<1x56x56x144xf32>) -> tensor<1x144xf32> attributes {aicc.kernel = "reduction"} {
    %zero = arith.constant 0.0 : f32
    %e = tensor.empty() : tensor<1x144xf32>
    %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x144xf32>) -> tensor<1x144xf32>
    %s = linalg.generic {indexing_maps = [#pixel, #sum], iterator_types = ["parallel", "parallel", "reduction", "reduction"]} ins(%x : tensor<1x56x56x144xf32>) outs(%f : tensor<1x144xf32>) {
    ^bb0(%a: f32, %acc: f32):
      %0 = arith.addf %acc, %a : f32
      linalg.yield %0 : f32
    } -> tensor<1x144xf32>
    return %s : tensor<1x144xf32>
  }
}
