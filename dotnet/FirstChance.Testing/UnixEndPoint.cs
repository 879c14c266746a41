#if !NET8_0_OR_GREATER
using System;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FirstChance.Testing;

/// <summary>A path as the address of a Unix socket (unix(7): family, path, NUL), which .NET Standard 2.0 lacks.</summary>
internal sealed class UnixEndPoint : EndPoint
{
    private const int MostBytes = 107;
    private readonly byte[] _path;

    internal UnixEndPoint(string path)
    {
        _path = Encoding.UTF8.GetBytes(path);
        if (_path.Length > MostBytes)
        {
            throw new ArgumentException($"a socket's path has at most {MostBytes} bytes", nameof(path));
        }
    }

    public override AddressFamily AddressFamily => AddressFamily.Unix;

    public override SocketAddress Serialize()
    {
        var address = new SocketAddress(AddressFamily.Unix, 2 + _path.Length + 1);
        for (var at = 0; at < _path.Length; at++)
        {
            address[2 + at] = _path[at];
        }
        return address;
    }

    public override EndPoint Create(SocketAddress socketAddress) => this;
}
#endif
