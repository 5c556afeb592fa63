// RUN: aicc-opt %s --lower-control-flow | filecheck %s
// RUN: aicc-opt %s --pass-pipeline='builtin.module(lower-control-flow,lower-control-flow)' | filecheck %s

func.func @body(%v: tensor<4xf32> {bufferization.writable = false}, %out: tensor<4xf32> {bufferization.writable = true}) -> tensor<4xf32> attributes {aicc.body} {
  %0 = bufferization.materialize_in_destination %v in %out : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
func.func @step(%i: tensor<i64> {bufferization.writable = false}, %v: tensor<4xf32> {bufferization.writable = false}, %go: tensor<i1> {bufferization.writable = true}, %out: tensor<4xf32> {bufferization.writable = true}) -> (tensor<i1>, tensor<4xf32>) attributes {aicc.body} {
  return %go, %out : tensor<i1>, tensor<4xf32>
}

// With a constant condition the trip count is all there is; the state lies in the result.
// CHECK-LABEL: func.func private @counted
// CHECK: %[[N:.*]] = arith.index_cast
// CHECK: %[[S:.*]] = linalg.copy {{.*}}ins(%arg1 : tensor<4xf32>) outs(%arg2 : tensor<4xf32>)
// CHECK: %[[LIMIT:.*]] = arith.select
// CHECK: %[[L:.*]]:2 = scf.for %[[I:.*]] = %{{.*}} to %[[LIMIT]] {{.*}} iter_args(%[[V:.*]] = %[[S]], %[[ROWS:.*]] = %arg3)
// CHECK: %[[B:.*]] = func.call @body(%[[V]], %{{.*}})
// CHECK: %[[C:.*]] = linalg.copy {{.*}}ins(%[[B]] : tensor<4xf32>) outs(%[[V]] : tensor<4xf32>)
// CHECK: %[[R:.*]] = tensor.insert_slice %[[B]] into %[[ROWS]][%[[I]], 0] [1, 4] [1, 1]
// CHECK: scf.yield %[[C]], %[[R]]
// CHECK: return %[[L]]#0, %[[L]]#1
func.func private @counted(%n: tensor<i64> {bufferization.writable = false}, %x: tensor<4xf32> {bufferization.writable = false}, %out: tensor<4xf32> {bufferization.writable = true}, %rows: tensor<9x4xf32> {bufferization.writable = true}) -> (tensor<4xf32>, tensor<9x4xf32>) attributes {aicc.control} {
  %c = arith.constant dense<true> : tensor<i1>
  %0:2 = "graph.loop"(%n, %c, %x) ({
  ^bb0(%i: tensor<i64>, %go: tensor<i1>, %v: tensor<4xf32>):
    %e = tensor.empty() : tensor<4xf32>
    %1 = func.call @body(%v, %e) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %t = "graph.constant"() {value = dense<true> : tensor<i1>} : () -> tensor<i1>
    "graph.region_yield"(%t, %1, %1) {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<i1>, tensor<4xf32>, tensor<4xf32>) -> ()
  }) {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<i64>, tensor<i1>, tensor<4xf32>) -> (tensor<4xf32>, tensor<9x4xf32>)
  %2 = bufferization.materialize_in_destination %0#0 in %out : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = bufferization.materialize_in_destination %0#1 in %rows : (tensor<9x4xf32>, tensor<9x4xf32>) -> tensor<9x4xf32>
  return %2, %3 : tensor<4xf32>, tensor<9x4xf32>
}

// A condition that the body computes makes it a while loop.
// CHECK-LABEL: func.func private @conditional
// CHECK: scf.while
// CHECK: %[[LEFT:.*]] = arith.cmpi slt
// CHECK: %[[BOTH:.*]] = arith.andi %[[LEFT]]
// CHECK: scf.condition(%[[BOTH]])
// CHECK: %[[NUMBER:.*]] = linalg.fill
// CHECK: %[[B:.*]]:2 = func.call @step(%[[NUMBER]],
// CHECK: tensor.extract %[[B]]#0[] : tensor<i1>
// CHECK: linalg.copy {{.*}}ins(%[[B]]#1
func.func private @conditional(%n: tensor<i64> {bufferization.writable = false}, %c: tensor<i1> {bufferization.writable = false}, %x: tensor<4xf32> {bufferization.writable = false}, %out: tensor<4xf32> {bufferization.writable = true}) -> tensor<4xf32> attributes {aicc.control} {
  %0 = "graph.loop"(%n, %c, %x) ({
  ^bb0(%i: tensor<i64>, %go: tensor<i1>, %v: tensor<4xf32>):
    %e = tensor.empty() : tensor<i1>
    %f = tensor.empty() : tensor<4xf32>
    %1:2 = func.call @step(%i, %v, %e, %f) : (tensor<i64>, tensor<4xf32>, tensor<i1>, tensor<4xf32>) -> (tensor<i1>, tensor<4xf32>)
    "graph.region_yield"(%1#0, %1#1) {operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<i1>, tensor<4xf32>) -> ()
  }) {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<i64>, tensor<i1>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// Branches write straight into the result.
// CHECK-LABEL: func.func private @branch
// CHECK: %[[C:.*]] = tensor.extract %arg0
// CHECK: scf.if %[[C]] -> (tensor<4xf32>)
// CHECK: func.call @body(%arg1, %arg3)
// CHECK: else
// CHECK: func.call @body(%arg2, %arg3)
func.func private @branch(%c: tensor<i1> {bufferization.writable = false}, %x: tensor<4xf32> {bufferization.writable = false}, %z: tensor<4xf32> {bufferization.writable = false}, %out: tensor<4xf32> {bufferization.writable = true}) -> tensor<4xf32> attributes {aicc.control} {
  %0 = "graph.if"(%c) ({
    %e = tensor.empty() : tensor<4xf32>
    %1 = func.call @body(%x, %e) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    "graph.region_yield"(%1) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4xf32>) -> ()
  }, {
    %e = tensor.empty() : tensor<4xf32>
    %1 = func.call @body(%z, %e) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    "graph.region_yield"(%1) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4xf32>) -> ()
  }) {resultSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<i1>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// Kernels without control flow are left alone.
// CHECK-LABEL: func.func private @kernel
// CHECK-NEXT: bufferization.materialize_in_destination
func.func private @kernel(%x: tensor<4xf32> {bufferization.writable = false}, %out: tensor<4xf32> {bufferization.writable = true}) -> tensor<4xf32> {
  %0 = bufferization.materialize_in_destination %x in %out : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
