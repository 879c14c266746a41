using System;
using System.Runtime.InteropServices;

namespace Marks;

/// Points to a block of malloc, as an IntPtr.
internal sealed class NativeOwner
{
    internal const int Bytes = 30_000;
    private readonly IntPtr _block = Native.Filled(Bytes);
    public override string ToString() => _block.ToString();
}

/// The same in a SafeHandle: the pointer is a field of the base class.
internal sealed class NativeHandle : SafeHandle
{
    internal const int Bytes = 20_000;
    public NativeHandle() : base(0, true) => SetHandle(Native.Filled(Bytes));
    public override bool IsInvalid => handle == 0;
    protected override bool ReleaseHandle() { Marshal.FreeHGlobal(handle); return true; }
}

/// One block that points to three others, in structures of an array.
internal sealed class NativeTree
{
    internal const int Bytes = 10_000;
    internal struct Slot { public long Number; public IntPtr Block; }
    private readonly Slot[] _slots = new Slot[1];

    public NativeTree()
    {
        IntPtr top = Native.Filled(Bytes);
        for (int i = 0; i < 3; i++)
        {
            // Into its middle: what has a header before it is pointed to so.
            Marshal.WriteIntPtr(top, 8 * i, Native.Filled(Bytes) + 64);
        }
        _slots[0].Block = top;
    }
}

/// One object with a list of blocks, each of which points to the one before in its last word.
internal sealed class NativeList
{
    internal const int Bytes = 24;
    private IntPtr _newest;

    public void Add()
    {
        IntPtr block = Native.Filled(Bytes);
        Marshal.WriteIntPtr(block, Bytes - 8, _newest);
        _newest = block;
    }
}

/// Pages that the kernel joins with those of its like.
internal sealed class NativeMapping
{
    internal const int Bytes = 40_960;
    private readonly IntPtr _pages = Native.Map(0, Bytes, 3, 0x22, -1, 0);
    public NativeMapping() => Marshal.WriteByte(_pages, 1);
}

/// What looks like a pointer and is none: text, and numbers of four bytes.
internal sealed class NativeText
{
    private readonly byte[] _bytes;
    private readonly int[] _numbers;

    public NativeText(IntPtr block)
    {
        _bytes = BitConverter.GetBytes((long)block);
        _numbers = [(int)((long)block & 0xffffffff), (int)((long)block >> 32)];
    }
}

internal static class Native
{
    [DllImport("libc", EntryPoint = "mmap")]
    internal static extern nint Map(nint address, nint length, int protection, int flags, int file, nint offset);

    internal static IntPtr Filled(int bytes)
    {
        IntPtr block = Marshal.AllocHGlobal(bytes);
        for (int i = 0; i + 8 <= bytes; i += 8)
        {
            Marshal.WriteInt64(block, i, 1);
        }
        return block;
    }

    internal static void Build(int count)
    {
        var list = new NativeList();
        Store.Keep(list);
        for (int i = 0; i < count; i++)
        {
            Store.Keep(new NativeOwner());
            Store.Keep(new NativeHandle());
            Store.Keep(new NativeTree());
            Store.Keep(new NativeMapping());
            list.Add();
        }
    }

    internal static void Lose(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Store.Keep(new NativeText(Filled(NativeOwner.Bytes)));
        }
    }
}
