using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace Lab;

/// <summary>Takes native memory at several places, of which some keep it; on demand, so that a test can look in between.</summary>
internal static class NativeMemory
{
    [DllImport("libc", EntryPoint = "malloc")] private static extern nint LibcMalloc(nint bytes);
    [DllImport("libc", EntryPoint = "free")] private static extern void LibcFree(nint block);
    [DllImport("libc", EntryPoint = "mmap")] private static extern nint LibcMmap(nint address, nint bytes, int protection, int flags, int fd, nint offset);
    [DllImport("libc", EntryPoint = "munmap")] private static extern int LibcMunmap(nint address, nint bytes);
    [DllImport("libc", EntryPoint = "dup")] private static extern int LibcDup(int descriptor);
    [DllImport("libc", EntryPoint = "pipe")] private static extern unsafe int LibcPipe(int* ends);
    [DllImport("libc", EntryPoint = "fcntl")] private static extern int LibcFcntl(int descriptor, int command, nint argument);
    // A library without frame pointers.
    [DllImport("subject_native")] private static extern nint subject_open(nint bytes);
    [DllImport("subject_native")] private static extern void subject_close(nint block);
    [DllImport("subject_native")] private static extern nint subject_new(nint bytes);
    [DllImport("subject_native")] private static extern int subject_fork();

    private const int DuplicateCloseOnExec = 1030;
    private const int ReadWrite = 3, PrivateAnonymous = 0x22, PageBytes = 16384;
    private static readonly List<nint> Kept = [];
    private static volatile bool stop;
    private static int wrong;

    [MethodImpl(MethodImplOptions.NoInlining)] private static nint Invoiced() => Filled(Marshal.AllocHGlobal(400));
    [MethodImpl(MethodImplOptions.NoInlining)] private static nint Labelled() => Filled(Marshal.AllocHGlobal(400));
    [MethodImpl(MethodImplOptions.NoInlining)] private static nint Stamped() => Filled(Marshal.AllocHGlobal(400));
    [MethodImpl(MethodImplOptions.NoInlining)] private static nint Weighed() => Filled(LibcMalloc(700));
    [MethodImpl(MethodImplOptions.NoInlining)] private static nint Mapped() => Filled(LibcMmap(0, PageBytes, ReadWrite, PrivateAnonymous, -1, 0));
    [MethodImpl(MethodImplOptions.NoInlining)] private static nint Opened() => Filled(subject_open(900));
    [MethodImpl(MethodImplOptions.NoInlining)] private static nint Made() => Filled(subject_new(500));

    [MethodImpl(MethodImplOptions.NoInlining)] private static int Lent() => LibcDup(0);
    [MethodImpl(MethodImplOptions.NoInlining)] private static int Copied() => LibcFcntl(0, DuplicateCloseOnExec, 3);
    [MethodImpl(MethodImplOptions.NoInlining)] private static unsafe int Piped() { var ends = stackalloc int[2]; return LibcPipe(ends); }
    [MethodImpl(MethodImplOptions.NoInlining)] private static bool Listed() { foreach (var _ in System.IO.Directory.EnumerateFiles("/proc/self")) return true; return false; }
    [MethodImpl(MethodImplOptions.NoInlining)] private static Microsoft.Win32.SafeHandles.SafeFileHandle Read() => System.IO.File.OpenHandle("/dev/null");

    private static unsafe nint Filled(nint block) { *(nint*)block = block; return block; }
    private static unsafe nint Checked(nint block)
    {
        if (*(nint*)block != block) Interlocked.Increment(ref wrong);
        return block;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Work(int number)
    {
        Marshal.FreeHGlobal(Checked(Invoiced()));
        Marshal.FreeHGlobal(Checked(Labelled()));
        Kept.Add(Stamped());
        Kept.Add(Weighed());
        Kept.Add(Opened());
        Kept.Add(Made());
        if (number % 64 == 0)
        {
            if (Lent() < 0 || Copied() < 0 || Piped() < 0 || !Listed()) Interlocked.Increment(ref wrong);
            Read().Dispose();
        }
        if (number % 8 == 0)
        {
            Kept.Add(Mapped());
            LibcMunmap(Checked(Mapped()), PageBytes);
        }
    }

    /// <summary>Lines: "work COUNT", "threads COUNT" until "quiet", "fork", "main CODE".</summary>
    public static int Talk()
    {
        var threads = new List<Thread>();
        Console.WriteLine("ready");
        while (Console.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            var count = words.Length > 1 ? int.Parse(words[1]) : 0;
            switch (words[0])
            {
                case "work": for (var i = 0; i < count; i++) Work(i); break;
                case "threads":
                    for (var i = 0; i < count; i++) { threads.Add(new Thread(Noise)); threads[^1].Start(i); }
                    break;
                case "quiet":
                    stop = true;
                    foreach (var thread in threads) thread.Join();
                    break;
                case "fork": wrong += subject_fork(); break;
                case "main":
                    foreach (var block in Kept) Checked(block);
                    return wrong == 0 ? count : 99;
            }
            Console.WriteLine($"wrong {wrong}");
        }
        return 0;
    }

    private static void Noise(object number)
    {
        var own = new Queue<nint>();
        for (var round = 0; !stop; round++)
        {
            for (var i = 0; i < 300; i++)
            {
                own.Enqueue(Invoiced());
                if (own.Count > 50) Marshal.FreeHGlobal(Checked(own.Dequeue()));
                subject_close(Checked(Opened()));
                LibcFree(Checked(Weighed()));
            }
            LibcMunmap(Checked(Mapped()), PageBytes);
            if ((int)number % 3 == 0) GC.Collect((int)number % 2);
            try { throw new OwnException("noise"); } catch (OwnException) { }
            if (round % 16 == 0) { var short_ = new Thread(() => Marshal.FreeHGlobal(Labelled())); short_.Start(); short_.Join(); }
        }
    }
}
