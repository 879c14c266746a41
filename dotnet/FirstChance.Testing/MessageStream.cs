using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace FirstChance.Testing;

/// <summary>JSON-RPC messages with the header of the language server protocol: "Content-Length: N", an empty line, N bytes.</summary>
internal sealed class MessageStream
{
    private const int MostBytes = 64 * 1024 * 1024;
    private const int MostHeaderBytes = 4096;
    private readonly Stream _stream;
    private readonly SemaphoreSlim _writing = new(1, 1);

    internal MessageStream(Stream stream) => _stream = stream;

    internal async Task WriteAsync(Dictionary<string, object> message)
    {
        message["jsonrpc"] = "2.0";
        var body = JsonSerializer.SerializeToUtf8Bytes(message);
        var header = Encoding.ASCII.GetBytes($"Content-Length: {body.Length}\r\n\r\n");
        await _writing.WaitAsync().ConfigureAwait(false);
        try
        {
            await _stream.WriteAsync(header, 0, header.Length).ConfigureAwait(false);
            await _stream.WriteAsync(body, 0, body.Length).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Null at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">It is no message.</exception>
    internal async Task<JsonDocument?> ReadAsync()
    {
        if (await ReadLengthAsync().ConfigureAwait(false) is not { } length)
        {
            return null;
        }
        var body = new byte[length];
        await FillAsync(body).ConfigureAwait(false);
        return JsonDocument.Parse(body);
    }

    private async Task<int?> ReadLengthAsync()
    {
        var header = new StringBuilder();
        var one = new byte[1];
        while (!header.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (header.Length > MostHeaderBytes)
            {
                throw new InvalidDataException("a header without an end");
            }
            if (await _stream.ReadAsync(one, 0, 1).ConfigureAwait(false) == 0)
            {
                return null;
            }
            header.Append((char)one[0]);
        }
        foreach (var line in header.ToString().Split('\n'))
        {
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)
                && int.TryParse(line.Substring(15).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                && length <= MostBytes)
            {
                return length;
            }
        }
        throw new InvalidDataException("a message without a length");
    }

    private async Task FillAsync(byte[] buffer)
    {
        for (var at = 0; at < buffer.Length;)
        {
            var read = await _stream.ReadAsync(buffer, at, buffer.Length - at).ConfigureAwait(false);
            at += read > 0 ? read : throw new EndOfStreamException("the session ended within a message");
        }
    }
}
