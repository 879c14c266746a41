#pragma once

//! \brief True where the address sanitizer's allocator stands in the place of glibc's, and every allocation
//! takes several times its size.
#ifdef __SANITIZE_ADDRESS__
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif
