/**
 * How a surface scatters light, in a frame where its normal is z. Layers from below: diffuse or glass, GGX reflection (B. Walter
 * et al., 2007, with height-correlated masking of E. Heitz, 2014), clear coat; sampled by visible normals (J. Dupuy and A.
 * Benyoub, "Sampling Visible GGX Normals with Spherical Caps", 2023). Light that goes through is sampled only here and not
 * by lights, so it needs no density.
 */
export const scatter = /* glsl */ `
struct Lobes { float coat; float mirror; float through; float diffuse; };

float visibleShare(float z, float a2) { return 2.0 * z / (z + sqrt(a2 + (1.0 - a2) * z * z)); }

float facets(float hz, float a2) {
  float b = hz * hz * (a2 - 1.0) + 1.0;
  return a2 / (pi * b * b);
}

float masking(float i, float o, float a2) {
  return 0.5 / (i * sqrt(o * o * (1.0 - a2) + a2) + o * sqrt(i * i * (1.0 - a2) + a2));
}

vec3 facetNormal(vec3 out_, float a, vec2 random) {
  vec3 stretched = normalize(vec3(out_.xy * a, out_.z));
  vec2 c = circle(random.x);
  float z = (1.0 - random.y) * (1.0 + stretched.z) - stretched.z;
  float r = sqrt(max(0.0, 1.0 - z * z));
  vec3 h = vec3(r * c.x, r * c.y, z) + stretched;
  return normalize(vec3(h.xy * a, max(h.z, 1e-6)));
}

// Share of light that glass reflects, from both polarisations; eta is the index behind over the one before the surface.
float glassReflects(float c, float eta) {
  float g2 = eta * eta - 1.0 + c * c;
  if (g2 <= 0.0) return 1.0;
  float g = sqrt(g2);
  float a = (g - c) / (g + c);
  float b = (c * (g + c) - 1.0) / (c * (g - c) + 1.0);
  return 0.5 * a * a * (1.0 + b * b);
}

vec3 reflectance(Surface s, float c, float eta) {
#ifdef HAS_TRANSMISSION
  if (s.transmission > 0.0) {
    vec3 metal = s.base + (1.0 - s.base) * fifth(1.0 - c);
    return mix(vec3(glassReflects(c, eta)), metal, s.metallic);
  }
#endif
  return s.specular + (vec3(s.grazing) - s.specular) * fifth(1.0 - c);
}

float coatReflects(float c) { return 0.04 + 0.96 * fifth(1.0 - c); }

Lobes chooseLobes(Surface s, vec3 out_, float eta) {
  vec3 f = reflectance(s, out_.z, eta);
  float rest = (1.0 - s.metallic) * (1.0 - largest(f));
  Lobes l;
  l.coat = s.coat * coatReflects(out_.z);
  l.mirror = max(brightness(f), 1e-3);
  l.through = rest * s.transmission * max(largest(s.base), 0.05);
  l.diffuse = rest * (1.0 - s.transmission) * max(largest(s.base), 1e-3);
  float scale = (1.0 - l.coat) / (l.mirror + l.through + l.diffuse);
  l.mirror *= scale; l.through *= scale; l.diffuse *= scale;
  return l;
}

// Reflected share times cosine for light from in_, and the density with which "scatterRay" finds that direction.
vec3 reflected(Surface s, Lobes l, vec3 out_, vec3 in_, float eta, out float density) {
  density = 0.0;
  if (in_.z <= 0.0 || out_.z <= 0.0) return vec3(0.0);
  vec3 h = normalize(in_ + out_);
  float c = min(dot(out_, h), 1.0);
  float a2 = s.spread * s.spread;
  float d = facets(h.z, a2);
  vec3 f = reflectance(s, c, eta);
  vec3 result = f * (d * masking(in_.z, out_.z, a2));
  density = l.mirror * d * visibleShare(out_.z, a2) / (4.0 * out_.z);
  float rest = (1.0 - s.metallic) * (1.0 - s.transmission);
  vec3 plain = s.specular + (vec3(s.grazing) - s.specular) * fifth(1.0 - c);
  result += s.base * (rest * (1.0 - (s.metallic < 1.0 ? min(largest(plain), 1.0) : 1.0)) / pi);
  density += l.diffuse * in_.z / pi;
#ifdef HAS_CLEARCOAT
  if (s.coat > 0.0) {
    float b2 = s.coatSpread * s.coatSpread;
    float dc = facets(h.z, b2);
    result = result * (1.0 - s.coat * coatReflects(out_.z)) + vec3(s.coat * coatReflects(c) * dc * masking(in_.z, out_.z, b2));
    density += l.coat * dc * visibleShare(out_.z, b2) / (4.0 * out_.z);
  }
#endif
  return result * in_.z;
}

// A direction to go on in, with what the path's weight is multiplied by. "density" is negative for light that went through.
vec3 scatterRay(Surface s, Lobes l, vec3 out_, float eta, vec3 random, out vec3 weight, out float density) {
  weight = vec3(0.0);
  density = 0.0;
  vec3 in_;
  float pick = random.z;
  if (pick < l.diffuse) {
    float r = sqrt(random.x);
    in_ = vec3(circle(random.y) * r, sqrt(max(0.0, 1.0 - random.x)));
  } else {
#ifdef HAS_CLEARCOAT
    float a = pick < l.diffuse + l.coat ? s.coatSpread : s.spread;
#else
    float a = s.spread;
#endif
    vec3 h = facetNormal(out_, a, random.xy);
    float c = dot(out_, h);
    in_ = 2.0 * c * h - out_;
#ifdef HAS_TRANSMISSION
    if (pick >= 1.0 - l.through) {
      float passes = 1.0 - glassReflects(c, eta);
      if (s.thick) {
        float k = 1.0 - (1.0 - c * c) / (eta * eta);
        if (k <= 0.0) return in_;
        in_ = h * (c / eta - sqrt(k)) - out_ / eta;
      } else {
        in_.z = -in_.z;
      }
      if (in_.z >= 0.0) return in_;
      float a2 = s.spread * s.spread;
      weight = s.base * ((1.0 - s.metallic) * s.transmission * passes * visibleShare(-in_.z, a2) / l.through);
#ifdef HAS_CLEARCOAT
      weight *= 1.0 - s.coat * coatReflects(out_.z);
#endif
      density = -1.0;
      return in_;
    }
#endif
  }
  weight = reflected(s, l, out_, in_, eta, density);
  weight = density > 1e-12 ? weight / density : vec3(0.0);
  return in_;
}
`
