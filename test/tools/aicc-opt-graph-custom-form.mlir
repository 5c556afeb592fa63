// RUN: not aicc-opt %s 2>&1 | FileCheck %s
// CHECK: aicc-opt-graph-custom-form.mlir:7:8: error: op 'graph.relu' has no custom form, only the generic one
// CHECK-NEXT: {{^  }}%0 = graph.relu %x
// CHECK-NEXT: {{^ {7}[^]$}}
// CHECK: note: write "graph.relu"(%operands) {attributes} : (operand types) -> (result types)
func.func @f(%x: tensor<2xf32>) attributes {note = "graph.add is no op here"} {
  %0 = graph.relu %x : tensor<2xf32> // nor graph.sub
}
