using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace FirstChance.Testing;

/// <summary>How a growth check ended.</summary>
internal sealed record CheckResult(bool Passed, string Verdict, string Text, string Evidence);

/// <summary>
/// A connection to the session's server: requests, and the server's own request to do operations. Its notifications are not
/// for us.
/// </summary>
internal sealed class SessionConnection : IDisposable
{
    private const int Protocol = 1;

    /// <summary>A dose is not tried to its end when operations fail.</summary>
    private const int EnoughFailures = 3;
    private readonly Socket _socket;
    private readonly MessageStream _messages;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _pending = new();
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenRegistration _registration;
    private Func<Task>? _operation;
    private int _requests;

    private SessionConnection(Socket socket, CancellationToken cancellation)
    {
        _socket = socket;
        _messages = new MessageStream(new NetworkStream(socket, ownsSocket: false));
        _cancellation = cancellation;
        // A token may live as long as the run of all tests: it must not hold each connection until then.
        _registration = cancellation.Register(socket.Dispose);
    }

    /// <exception cref="SocketException">Nobody listens.</exception>
    /// <exception cref="InvalidOperationException">The session speaks another version of the protocol.</exception>
    internal static async Task<SessionConnection> OpenAsync(string path, CancellationToken cancellation)
    {
#if NET8_0_OR_GREATER
        var address = new UnixDomainSocketEndPoint(path);
#else
        var address = new UnixEndPoint(path);
#endif
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        SessionConnection? connection = null;
        try
        {
            await Task.Run(() => socket.Connect(address), cancellation).ConfigureAwait(false);
            connection = new SessionConnection(socket, cancellation);
            _ = Task.Run(connection.ListenAsync, CancellationToken.None);
            using var self = Process.GetCurrentProcess();
            await connection.RequestAsync("session/hello", new()
            {
                ["protocol"] = Protocol,
                ["role"] = "worker",
                ["pid"] = self.Id,
                ["mainThread"] = true,
                ["runner"] = "dotnet test",
                ["version"] = typeof(SessionConnection).Assembly.GetName().Version?.ToString() ?? "",
            }).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            connection?.Dispose();
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Answers when the check is over.</summary>
    internal async Task<CheckResult> CheckAsync(Func<Task> operation, string name, GrowthOptions options)
    {
        _operation = operation;
        using var self = Process.GetCurrentProcess();
        var result = await RequestAsync("check/start", new()
        {
            ["checkId"] = Guid.NewGuid().ToString(),
            ["pid"] = self.Id,
            ["name"] = name,
            ["options"] = options.ToRequest(),
        }).ConfigureAwait(false);
        string Text(string property) => result.GetProperty(property).GetString() ?? "";
        return new CheckResult(result.GetProperty("passed").GetBoolean(), Text("verdict"), Text("text"), Text("evidence"));
    }

    public void Dispose()
    {
        _registration.Dispose();
        _socket.Dispose();
    }

    private async Task<JsonElement> RequestAsync(string method, Dictionary<string, object> parameters)
    {
        var id = Interlocked.Increment(ref _requests);
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending[id] = answer;
        await _messages.WriteAsync(new() { ["id"] = id, ["method"] = method, ["params"] = parameters }).ConfigureAwait(false);
        return await answer.Task.ConfigureAwait(false);
    }

    private async Task ListenAsync()
    {
        Exception? cause = null;
        try
        {
            while (await _messages.ReadAsync().ConfigureAwait(false) is { } message)
            {
                using (message)
                {
                    Take(message.RootElement.Clone());
                }
            }
        }
        catch (Exception error) when (error is IOException or InvalidDataException or JsonException or ObjectDisposedException)
        {
            cause = error;
        }
        foreach (var waiting in _pending.Values)
        {
            waiting.TrySetException(new InvalidOperationException("the session of firstchance ended before it answered", cause));
        }
    }

    private void Take(JsonElement message)
    {
        var hasId = message.TryGetProperty("id", out var id);
        if (message.TryGetProperty("method", out var method))
        {
            if (hasId)
            {
                // Operations may take long, and the server may cancel meanwhile.
                _ = Task.Run(() => AnswerAsync(id, method.GetString() ?? "", message));
            }
            return;
        }
        if (!hasId || id.ValueKind != JsonValueKind.Number || !_pending.TryRemove(id.GetInt32(), out var waiting))
        {
            return;
        }
        if (message.TryGetProperty("error", out var error))
        {
            waiting.TrySetException(new InvalidOperationException(error.GetProperty("message").GetString()));
        }
        else
        {
            waiting.TrySetResult(message.GetProperty("result"));
        }
    }

    private async Task AnswerAsync(JsonElement id, string method, JsonElement message)
    {
        var answer = new Dictionary<string, object> { ["id"] = id };
        if (method == "operation/run" && _operation is { } operation)
        {
            var count = message.GetProperty("params").GetProperty("count").GetInt32();
            answer["result"] = await RepeatAsync(operation, count, _cancellation).ConfigureAwait(false);
        }
        else
        {
            answer["error"] = new Dictionary<string, object> { ["code"] = -32601, ["message"] = $"no such method: {method}" };
        }
        try
        {
            await _messages.WriteAsync(answer).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The session is gone: whoever waits for the check is told by the listener.
        }
    }

    private static async Task<Dictionary<string, object>> RepeatAsync(Func<Task> operation, int count, CancellationToken cancellation)
    {
        var (done, failed) = (0, 0);
        var result = new Dictionary<string, object>();
        while (done + failed < count && failed < EnoughFailures && !cancellation.IsCancellationRequested)
        {
            try
            {
                await operation().ConfigureAwait(false);
                done++;
            }
            catch (Exception error)
            {
                failed++;
                if (!result.ContainsKey("example"))
                {
                    var text = $"{error.GetType()}: {error.Message}";
                    result["example"] = text.Length > 10_000 ? text.Substring(0, 10_000) : text;
                }
            }
        }
        result["done"] = done;
        result["failed"] = failed;
        return result;
    }
}
