// RUN: aicc-opt %s -O0 | filecheck %s --check-prefix=O0
// RUN: aicc-opt %s -O1 | filecheck %s --check-prefix=O1
// RUN: aicc-opt %s --to-graph=opt-level=1 | filecheck %s --check-prefix=O1

// O0: "graph.relu"
// O0: "graph.relu"
// O1: "graph.relu"
// O1-NOT: "graph.relu"
func.func @main(%x: tensor<4xf32> {aicc.input = "x"}) -> (tensor<4xf32> {aicc.output = "y"}) {
  %0 = "graph.relu"(%x) : (tensor<4xf32>) -> tensor<4xf32>
  %1 = "graph.relu"(%0) : (tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}
