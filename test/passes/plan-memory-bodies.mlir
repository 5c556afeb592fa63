// RUN: aicc-opt %s --plan-memory | filecheck %s
// RUN: aicc-opt %s --pass-pipeline='builtin.module(plan-memory,plan-memory)' | filecheck %s

// A body has an arena of its own, which comes from whoever runs it: of two branches the larger one.
// CHECK-LABEL: func.func @small
// CHECK-SAME: memref<64xi8> {aicc.arena}
// CHECK-LABEL: func.func @large
// CHECK-SAME: memref<512xi8> {aicc.arena}
// CHECK-LABEL: func.func private @if_0
// CHECK-SAME: %arg3: memref<512xi8> {aicc.workspace}
// CHECK: %[[V:.*]] = memref.view %arg3{{.*}} to memref<64xi8>
// CHECK: func.call @small(%arg1, %arg2, %[[V]])
// CHECK: func.call @large(%arg1, %arg2, %arg3)
// CHECK-LABEL: func.func @main
// CHECK-SAME: memref<1024xi8> {aicc.arena}
// CHECK: %[[A:.*]] = memref.view {{.*}} to memref<512xi8>
// CHECK: call @if_0(%arg0, %arg1, %arg2, %[[A]])
// CHECK: %[[B:.*]] = memref.view {{.*}} to memref<512xi8>
// CHECK: call @if_0(%arg0, %{{.*}}, %arg2, %[[B]])
func.func @small(%x: memref<128xf32>, %out: memref<128xf32>) attributes {aicc.body} {
  call @kernel(%x, %out) : (memref<128xf32>, memref<128xf32>) -> ()
  return
}
func.func @large(%x: memref<128xf32>, %out: memref<128xf32>) attributes {aicc.body} {
  %t = memref.alloc() : memref<128xf32>
  call @kernel(%x, %t) : (memref<128xf32>, memref<128xf32>) -> ()
  call @kernel(%t, %out) : (memref<128xf32>, memref<128xf32>) -> ()
  return
}
func.func private @if_0(%c: i1, %x: memref<128xf32>, %out: memref<128xf32>) attributes {aicc.control} {
  scf.if %c {
    func.call @small(%x, %out) : (memref<128xf32>, memref<128xf32>) -> ()
  } else {
    func.call @large(%x, %out) : (memref<128xf32>, memref<128xf32>) -> ()
  }
  return
}
func.func @main(%c: i1, %x: memref<128xf32>, %y: memref<128xf32>) {
  call @if_0(%c, %x, %y) : (i1, memref<128xf32>, memref<128xf32>) -> ()
  %b = memref.alloc() : memref<128xf32>
  call @kernel(%x, %b) : (memref<128xf32>, memref<128xf32>) -> ()
  call @if_0(%c, %b, %y) : (i1, memref<128xf32>, memref<128xf32>) -> ()
  return
}
func.func private @kernel(%x: memref<128xf32>, %out: memref<128xf32>) {
  memref.copy %x, %out : memref<128xf32> to memref<128xf32>
  return
}
