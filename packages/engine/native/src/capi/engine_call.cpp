#include "capi/engine_call.h"

#include <optional>

#include "base/json_text.h"
#include "capi/engine_child.h"
#include "capture/capture_request.h"
#include "rpc/framing.h"

namespace firstchance {
namespace {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr int kRequestId = 1;
constexpr std::chrono::milliseconds kPoll = 100ms;
//! \brief How long the engine may take to answer that a request was cancelled.
constexpr std::chrono::milliseconds kCancelLimit = 20s;

Error responseError(const Json& error) {
    if (error.is_object() && error.contains("data") && error["data"].is_object()) {
        return errorFromJson(error["data"]);
    }
    const std::string why = error.is_object() ? error.value("message", "an error") : "an error";
    return {ErrorCode::InvalidArgument, "Asking the engine", why, "", 0};
}

//! \brief One request on its way.
class Call {
public:
    Call(EngineChild& engine, const std::function<void(const Json&)>& progress)
        : engine_(engine), progress_(progress) {}

    bool start(const std::string& method, Json params) {
        if (progress_) {
            params["progressToken"] = kRequestId;
        }
        return send(
            {{"jsonrpc", "2.0"}, {"id", kRequestId}, {"method", method}, {"params", std::move(params)}});
    }

    //! \brief The answer, when one of the messages that came was it.
    std::optional<Result<Json>> handleMessages() {
        while (const auto body = reader_.next()) {
            const Json message = parseJson(*body);
            if (!message.is_object()) {
                continue;
            }
            if (message.contains("result")) {
                return Result<Json>(message["result"]);
            }
            if (message.contains("error")) {
                return Result<Json>(fail(responseError(message["error"])));
            }
            report(message);
        }
        return std::nullopt;
    }

    bool receive() { return engine_.receive(reader_, kPoll); }

    //! \brief Asks the engine to stop, once.
    void cancel() {
        if (!cancelledAt_) {
            cancelledAt_ = Clock::now();
            // A failure shows at the next receive().
            (void)send({{"jsonrpc", "2.0"}, {"method", "$/cancelRequest"}, {"params", {{"id", kRequestId}}}});
        }
    }
    [[nodiscard]] bool cancelUnanswered() const {
        return cancelledAt_ && Clock::now() - *cancelledAt_ > kCancelLimit;
    }

private:
    bool send(const Json& message) { return engine_.send(frame(jsonText(message))); }

    void report(const Json& message) {
        const auto params = message.find("params");
        if (progress_ && message.value("method", Json()) == "$/progress" && params != message.end() &&
            params->is_object() && params->contains("value")) {
            progress_((*params)["value"]);
        }
    }

    EngineChild& engine_;
    const std::function<void(const Json&)>& progress_;
    FrameReader reader_;
    std::optional<Clock::time_point> cancelledAt_;
};

} // namespace

Result<Json> callEngine(const std::string& method, Json params,
                        const std::function<void(const Json&)>& progress,
                        const std::atomic<bool>* cancelled) {
    auto engine = EngineChild::start();
    if (!engine) {
        return fail(engine.error());
    }
    Call call(*engine, progress);
    bool alive = call.start(method, std::move(params));
    while (alive && !call.cancelUnanswered()) {
        alive = call.receive();
        if (const auto answer = call.handleMessages()) {
            return *answer;
        }
        if (cancelled != nullptr && *cancelled) {
            call.cancel();
        }
    }
    return fail(
        {ErrorCode::Internal, "Asking the engine for " + method, "it ended with " + engine->end(), "", 0});
}

} // namespace firstchance
