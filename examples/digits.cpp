// Recognises handwritten digits: a mean image per class, and for each image the nearest of them.
// SPDX-License-Identifier: BSD-3-Clause
//
// Learns from one half of the images, is judged on the other. Argument: the folder of digits_*.npy.
#include <exception>
#include <iostream>
#include <lazytensor.hpp>
#include <string>

#ifndef LAZYTENSOR_EXAMPLES_DIR
#define LAZYTENSOR_EXAMPLES_DIR "examples"
#endif

using lazy::all;
using lazy::newaxis;
using lazy::none;
using lazy::range;
using lazy::tensor;

void run(const std::string& folder) {
    // snippet: digits
    const tensor<float> images =
        lazy::load(folder + "/digits_images.npy").to(lazy::float32).flatten(1);
    const tensor<std::int64_t> labels = lazy::load(folder + "/digits_labels.npy");
    const auto half = len(images) / 2;
    const auto learned = images(range(half)), unseen = images(range(half, none));
    const auto known = labels(range(half)), truth = labels(range(half, none));

    // A row per digit, true where an image shows it: the sums of the images are a matrix product.
    const tensor<float> shows = (lazy::arange(10)(all, newaxis) == known).to(lazy::float32);
    const tensor<float> centroids = matmul(shows, learned) / shows.sum(1, true);  // [10, 64]

    const auto difference = unseen(all, newaxis) - centroids;  // [899, 10, 64], never stored
    const auto guess = argmin(sum(square(difference), 2), 1);
    const auto right = guess == truth;
    // end snippet

    std::cout << "The plan:\n"
              << explain(guess) << '\n'
              << "first guesses " << guess(range(10)) << '\n'
              << "first labels  " << truth(range(10)) << '\n'
              << "right: " << right.sum().item() << " of " << len(truth) << ", "
              << 100 * right.to(lazy::float32).mean().item() << " %\n";
    std::cout << "\nThe mean 3:\n" << centroids[3].round().to(lazy::int64).reshape(8, 8) << '\n';
}

int main(int argc, char** argv) {
    try {
        run(argc > 1 ? argv[1] : LAZYTENSOR_EXAMPLES_DIR "/data");
    } catch (const std::exception& problem) {
        std::cerr << "digits: " << problem.what() << '\n';
        return 1;
    }
}
