// `aicc run` on IR text: inputs are generated, outputs are described.

// RUN: aicc run %s | FileCheck %s
// CHECK: output {{ *}}dtype {{ *}}shape
// CHECK-NEXT: y {{ *}}float32 {{ *}}8 {{ *}}0
// CHECK-NEXT: top 5 of y:
// CHECK-NEXT: compile and first run {{.*}} s, run {{.*}} ms

// RUN: aicc run %s --iters 3 --print | FileCheck %s --check-prefix=PRINT
// PRINT: y =
// PRINT: 3 runs: best {{.*}} ms, mean {{.*}} ms

// RUN: not aicc run %s --input z=%t.npy 2>&1 | FileCheck %s --check-prefix=FILE
// FILE: error: cannot read the array file '{{.*}}.npy': No such file or directory

// RUN: not aicc run %s --weights %s 2>&1 | FileCheck %s --check-prefix=WEIGHTS
// WEIGHTS: is not a safetensors file
module attributes {aicc.phase = "import", aicc.target = "host", aicc.threads = 1 : i64} {
  func.func @main(%x: tensor<8xf32> {aicc.input = "x"}) -> (tensor<8xf32> {aicc.output = "y"}) {
    %0 = "graph.relu"(%x) : (tensor<8xf32>) -> tensor<8xf32>
    return %0 : tensor<8xf32>
  }
}
