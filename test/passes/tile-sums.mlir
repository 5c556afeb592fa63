// RUN: aicc-opt %s --pass-pipeline='builtin.module(outline-kernels,graph-to-linalg,tile-sums)' | filecheck %s

// The sums of a row and the distances from its mean in one walk; the rest stays.
// CHECK: func.func private {{.*}}aicc.lanes = 16
// CHECK: scf.for
// CHECK: linalg.generic {{.*}} attrs = {aicc.tile = 16 : i64}
// CHECK: linalg.generic {{.*}}"reduction"{{.*}} attrs = {aicc.tile = 16 : i64}
// CHECK: tensor.insert_slice {{.*}} : tensor<1x1x32xf32> into tensor<1x20x32xf32>
// CHECK: linalg.generic {{.*}}"reduction"{{.*}} attrs = {aicc.tile = 16 : i64}
// CHECK: tensor.insert_slice {{.*}} : tensor<1x1x32xf32> into tensor<1x20x32xf32>
// CHECK: scf.yield
// CHECK-NOT: aicc.tile
module attributes {aicc.target = "x86-64-v4"} {
  func.func @main(%x: tensor<1x20x24x32xf32> {aicc.input = "x"}, %s: tensor<32xf32> {aicc.weight = "s"}, %b: tensor<32xf32> {aicc.weight = "b"}) -> (tensor<1x20x24x32xf32> {aicc.output = "y"}) {
    %0 = "graph.instance_norm"(%x, %s, %b) {epsilon = 1.0e-05 : f64, layout = "NHWC"} : (tensor<1x20x24x32xf32>, tensor<32xf32>, tensor<32xf32>) -> tensor<1x20x24x32xf32>
    return %0 : tensor<1x20x24x32xf32>
  }
}
