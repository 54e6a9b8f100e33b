import { material } from './material.ts'
import { numbers } from './numbers.ts'
import { path } from './path.ts'
import { scatter } from './scatter.ts'
import { trace } from './trace.ts'

/** What a scene needs; the rest is left out of its shader, which then compiles and runs faster. */
export type Feature =
  | 'HAS_TEXTURES'
  | 'HAS_NORMAL_MAPS'
  | 'HAS_MORE_TEXTURES'
  | 'HAS_TRANSMISSION'
  | 'HAS_CLEARCOAT'
  | 'HAS_ALPHA'
  | 'HAS_COLORS'
  | 'HAS_LIGHTS'
  | 'HAS_PUNCTUAL'

const inputs = /* glsl */ `
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp usampler2D;

uniform usampler2D uNodes;
uniform sampler2D uTriangles;
uniform sampler2D uAttributes;
uniform usampler2D uTable;
uniform sampler2D uTexels;
uniform sampler2D uColors;
uniform usampler2D uCells;
uniform sampler2D uBefore;

uniform uint uRoot;
uniform int uTexturesAt;
uniform int uLightsAt;
uniform int uLightCount;
uniform uint uStream;
uniform ivec2 uPicture;
uniform int uFirstSample;
uniform int uSamples;
uniform int uMaxEdges;
uniform int uSlots;
uniform int uRays;
uniform bool uContinue;
uniform vec3 uEye;
uniform vec3 uRight;
uniform vec3 uUp;
uniform vec4 uForward;
uniform vec3 uZenith;
uniform vec3 uHorizon;
uniform vec3 uNadir;

layout(location = 0) out vec4 sum;
`

/** One triangle that covers everything. */
export const vertexShader = /* glsl */ `#version 300 es
void main() {
  gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0);
}
`

/** The path tracer for a scene that needs these features. */
export function fragmentShader(features: ReadonlySet<Feature>): string {
  const defines = [...features].toSorted().map((feature) => `#define ${feature}`)
  return ['#version 300 es', ...defines, inputs, numbers, trace, material, scatter, path].join('\n')
}
