// Shaded relief: slope, aspect and hill shading of real terrain, from one lazy graph in one pass.
// SPDX-License-Identifier: BSD-3-Clause
//
//     hillshade [DEM.npy] [--azimuth DEGREES] [--altitude DEGREES] [--cell EAST NORTH]
//
// DEM.npy holds elevations in metres, a matrix of any real dtype, row 0 the northernmost. Writes
// hillshade.npy (float32, 0 dark to 1 lit), hillshade.png and slope.png to the current directory.
// A cell of the outermost ring lacks neighbours, so the maps leave the ring out: they have two rows
// and two columns fewer than the DEM, and their cell (0, 0) is the DEM's (1, 1).
#include <cmath>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <lazytensor.hpp>
#include <lazytensor/io/png.hpp>
#include <numbers>
#include <stdexcept>
#include <string>
#include <string_view>

#ifndef LAZYTENSOR_EXAMPLES_DIR
#define LAZYTENSOR_EXAMPLES_DIR "examples"
#endif

using lazy::float32;
using lazy::none;
using lazy::range;
using lazy::tensor;
using lazy::uint8;

constexpr double degree = std::numbers::pi / 180;

/// What the command line asks for. The cells of the default DEM are 1/1200 degree at 36.6 N: 75 m
/// from west to east, 93 m from north to south.
struct options {
    std::string dem;
    double azimuth = 315;  // where the sun stands: clockwise from north,
    double altitude = 45;  // and above the horizon, both in degrees
    double cell_east = 75;
    double cell_north = 93;
};

/// The maps of a terrain: each the same size, each still to be computed.
struct relief {
    tensor<float> slope;   // the steepest angle, in radians, 0 to pi/2
    tensor<float> aspect;  // the way down, in radians clockwise from north, -pi to pi
    tensor<float> shade;   // the light on the ground, 0 to 1
};

/// Horn's formula (Proceedings of the IEEE 69, 1981): the gradient from the eight neighbours
///     a b c
///     d . f    each of which is the whole DEM, shifted. Nothing is computed here.
///     g h i
// snippet: relief
relief relief_of(const tensor<float>& z, const options& o) {
    const range low(0, -2), mid(1, -1), high(2, none);
    const auto a = z(low, low), b = z(low, mid), c = z(low, high);
    const auto d = z(mid, low), f = z(mid, high);
    const auto g = z(high, low), h = z(high, mid), i = z(high, high);

    const tensor<float> east = ((c + 2 * f + i) - (a + 2 * d + g)) / (8 * o.cell_east);
    const tensor<float> north = ((a + 2 * b + c) - (g + 2 * h + i)) / (8 * o.cell_north);
    const tensor<float> slope = arctan(hypot(east, north));
    const tensor<float> aspect = arctan2(-east, -north);

    const double sun = o.altitude * degree;
    const tensor<float> light =
        std::sin(sun) * cos(slope) + std::cos(sun) * sin(slope) * cos(o.azimuth * degree - aspect);
    return {slope, aspect, clamp(light, 0, 1)};
}
// end snippet

double number_after(std::string_view option, const char* text) {
    char* end = nullptr;
    const double value = text != nullptr ? std::strtod(text, &end) : 0;
    if (text == nullptr || end == text || *end != '\0' || !std::isfinite(value)) {
        throw std::invalid_argument(std::string(option) + " needs a number, got " +
                                    (text != nullptr ? text : "nothing"));
    }
    return value;
}

/// The DEM beside this program's source, or below the working directory.
std::string default_dem() {
    for (const char* folder : {LAZYTENSOR_EXAMPLES_DIR, "examples", "."}) {
        std::string path = std::string(folder) + "/data/jacksboro_dem.npy";
        if (std::ifstream(path).good()) {
            return path;
        }
    }
    return "examples/data/jacksboro_dem.npy";
}

options parse(char** argument) {
    options o;
    while (const char* text = *++argument) {
        const std::string_view name = text;
        // argv ends with a null pointer, which number_after refuses.
        const auto next = [&] {
            return number_after(name, *argument != nullptr ? *++argument : nullptr);
        };
        if (name == "--azimuth") {
            o.azimuth = next();
        } else if (name == "--altitude") {
            o.altitude = next();
        } else if (name == "--cell") {
            o.cell_east = next();
            o.cell_north = next();
        } else if (name.starts_with("-") || !o.dem.empty()) {
            throw std::invalid_argument("unexpected argument " + std::string(name));
        } else {
            o.dem = name;
        }
    }
    if (!(o.cell_east > 0 && o.cell_north > 0)) {
        throw std::invalid_argument("--cell needs two sizes above 0, in metres");
    }
    if (o.dem.empty()) {
        o.dem = default_dem();
    }
    return o;
}

lazy::Tensor load_dem(const std::string& path) {
    lazy::Tensor dem = lazy::load(path);
    if (dem.ndim() != 2 || dem.size(0) < 3 || dem.size(1) < 3) {
        throw std::invalid_argument(
            path + ": a DEM is a matrix of at least 3 x 3 elevations, not of shape " +
            to_string(dem.shape()));
    }
    if (dem.is_complex()) {
        throw std::invalid_argument(path + ": elevations are real numbers, not " +
                                    std::string(dem.dtype().name()));
    }
    return dem;
}

template <class X>
void write_picture(const char* name, const X& picture) {
    lazy::io::write_png(name, elements(picture));
    std::cout << "wrote " << name << ": " << picture.size(1) << " x " << picture.size(0)
              << " pixels\n";
}

void summary(const char* name, const tensor<float>& map, const char* unit) {
    const auto low = map.min(), high = map.max(), mean = map.mean();
    eval(low, high, mean);
    std::cout << name << ": min " << low.item() << ", max " << high.item() << ", mean "
              << mean.item() << unit << '\n';
}

void run(const options& o) {
    const lazy::Tensor dem = load_dem(o.dem);
    std::cout << o.dem << ": " << dem.dtype() << to_string(dem.shape()) << ", " << dem.min().item()
              << " to " << dem.max().item() << " m\n\n";

    const relief maps = relief_of(dem.to(float32), o);
    const auto picture = (maps.shade * 255).round().to(uint8);
    const auto steepness = (255 - maps.slope * (255 / (60 * degree))).clamp(0, 255).to(uint8);

    std::cout << "The plan (nothing is computed yet):\n"
              << explain(maps.slope, maps.aspect, maps.shade, picture, steepness) << '\n';

    const auto before = lazy::stats();
    eval(maps.slope, maps.aspect, maps.shade, picture, steepness);
    const auto work = lazy::stats() - before;
    std::cout << "The work: passes " << work.passes << ", kernels " << work.kernels
              << ", bytes read " << work.bytes_read << ", bytes written " << work.bytes_written
              << ", allocations " << work.allocations << "\n\n";

    summary("shade", maps.shade, "");
    summary("slope", rad2deg(maps.slope), " degrees");
    std::cout << '\n';

    save("hillshade.npy", maps.shade);
    std::cout << "wrote hillshade.npy: " << maps.shade.dtype() << to_string(maps.shade.shape())
              << '\n';
    write_picture("hillshade.png", picture);
    write_picture("slope.png", steepness);
}

int main(int, char** argv) {
    try {
        run(parse(argv));
    } catch (const std::exception& problem) {
        std::cerr << "hillshade: " << problem.what() << '\n';
        return 1;
    }
}
