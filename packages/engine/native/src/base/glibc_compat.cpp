// Lets binaries that were linked against a newer glibc run on 2.35 (Ubuntu 22.04).
//
// libstdc++.a of Debian 12 refers to arc4random (glibc 2.36) for std::random_device, and brings that object
// in whether it is used or not. Linked into what ships, this definition comes before the one of libc.

#include <sys/random.h>

#include <cstdint>
#include <cstdlib>

extern "C" std::uint32_t arc4random() noexcept {
    std::uint32_t value = 0;
    if (::getrandom(&value, sizeof value, 0) != static_cast<ssize_t>(sizeof value)) {
        std::abort(); // the kernel's generator cannot fail for four bytes
    }
    return value;
}
