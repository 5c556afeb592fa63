// RUN: not aicc-opt %s --simplify-graph=order=cse 2>&1 | filecheck %s
// CHECK: no simplifying pass 'cse' (known: eliminate-redundancy, simplify-algebra,
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}
