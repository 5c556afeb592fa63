// RUN: aicc-opt %s --set-phase=name=kernels | filecheck %s
// RUN: aicc-opt %s --pass-pipeline='builtin.module(set-phase{name=graph},set-phase{name=kernels})' | filecheck %s

// CHECK: module attributes {aicc.phase = "kernels"}
module {
}
