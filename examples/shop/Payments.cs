using System.Threading.Channels;

namespace Shop;

/// <summary>Pays one after the other, in the background, as the bank wants it.</summary>
public sealed class Payments : BackgroundService
{
    private readonly Channel<Payment> _waiting = Channel.CreateUnbounded<Payment>();

    public async Task PayAsync(decimal amount, CancellationToken cancel)
    {
        var payment = new Payment(amount);
        await _waiting.Writer.WriteAsync(payment, cancel);
        await payment.Paid.Task.WaitAsync(cancel);
    }

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        await foreach (Payment payment in _waiting.Reader.ReadAllAsync(stop))
        {
            // The planted hang: there is nothing to pay, and nobody tells the one who waits for it.
            if (payment.Amount == 0)
            {
                continue;
            }
            payment.Paid.SetResult();
        }
    }

    private sealed record Payment(decimal Amount)
    {
        public TaskCompletionSource Paid { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
