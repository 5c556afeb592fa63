// RUN: aicc-opt %s --set-vector-width | filecheck %s
// RUN: sed 's/x86-64-v4/x86-64-v3/' %s | aicc-opt --set-vector-width | filecheck %s --check-prefix=V3

module attributes {aicc.target = "x86-64-v4"} {
  // CHECK-LABEL: llvm.func @kernel()
  // CHECK-SAME: prefer_vector_width = "512"
  // V3-LABEL: llvm.func @kernel()
  // V3-SAME: prefer_vector_width = "256"
  llvm.func @kernel() {
    llvm.return
  }

  // What is only declared stays as it is.
  // CHECK: llvm.func @elsewhere()
  // CHECK-NOT: prefer_vector_width
  llvm.func @elsewhere()
}
