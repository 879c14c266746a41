// The program of `firstchance doctor --controls`: /leak leaves an object behind for each operation, /quiet leaves nothing.
// usage: firstchance-controls PORT

using System.Net;

namespace FirstChance.Controls;

internal sealed class Leaked
{
    public byte[] Content { get; } = new byte[200];
}

internal static class Program
{
    private static readonly List<Leaked> s_leaked = [];

    private static void Main(string[] args)
    {
        using var listener = new HttpListener();
        listener.Prefixes.Add($"http://127.0.0.1:{args[0]}/");
        listener.Start();
        while (true)
        {
            HttpListenerContext context = listener.GetContext();
            int operations = int.Parse(context.Request.QueryString["n"] ?? "1");
            for (int i = 0; i < operations; i++)
            {
                var made = new Leaked();
                if (context.Request.Url?.AbsolutePath == "/leak")
                {
                    s_leaked.Add(made);
                }
            }
            context.Response.StatusCode = 204;
            context.Response.Close();
        }
    }
}
